import type Stripe from "stripe";
import { z } from "zod";
import { collect, issue } from "./bill.ts";
import { cardOf } from "./card.ts";
import { action } from "./endpoint.ts";
import { emptyChange, idOf, put } from "./entry.ts";
import { badRequest, missing } from "./error.ts";
import { flag, integer, mergedMetadata, metadata, text } from "./parameter.ts";
import { periodEnd } from "./period.ts";
import { price as newPrice, priceData } from "./price.ts";
import { locksOf, nextInvoice, withoutProrations } from "./renew.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Proration } from "./store.ts";
import { customerOf, periodOf, updated, withItems } from "./subscription.ts";
import type { Subscription } from "./subscription.ts";
import { everyOf, subscriptionItem } from "./subscription-item.ts";

const itemShape = z.strictObject({
  id: text(255).optional(),
  price: text(255).optional(),
  price_data: priceData.optional(),
  quantity: integer.optional(),
});

const pause = z.strictObject({
  behavior: z.enum(["keep_as_draft", "mark_uncollectible", "void"]),
  resumes_at: integer.optional(),
});

const updateShape = {
  cancel_at: z.union([z.literal(""), integer]).optional(),
  cancel_at_period_end: flag.optional(),
  default_payment_method: text(255).optional(),
  description: text(500).optional(),
  items: z.array(itemShape).min(1).max(1, "The sandbox changes one item at a time").optional(),
  metadata: metadata.optional(),
  pause_collection: z.union([z.literal(""), pause]).optional(),
  proration_behavior: z.enum(["always_invoice", "create_prorations", "none"]).optional(),
} satisfies Partial<Record<keyof Stripe.SubscriptionUpdateParams, unknown>>;
type Given = z.output<z.ZodObject<typeof updateShape>>;

export const subscriptionUpdate = action("/v1/subscriptions/:id", updateShape, (scope, given, id) =>
  changeSubscription(scope, id, given),
);

/** What an update of the API says, or a person in the customer portal. @throws Refusal for a canceled subscription */
export async function changeSubscription(scope: Scope, id: string, given: Given): Promise<Subscription> {
  return await scope.locked(await locksOf(scope, id), async () => {
    const before = await need(scope, "subscription", id);
    if (before.status === "canceled") {
      const message = "A canceled subscription can only update its cancellation_details and metadata.";
      throw badRequest({ code: "invalid_canceled_subscription_fields", message });
    }
    const change = emptyChange();
    const named = withCancel(scope, withPause(withWords(before, given), given), given);
    const after = await withPlan(scope, change, before, named, given);
    await scope.save(change, after);
    return after;
  });
}

/** What is said of the subscription, and by which card it is paid. */
function withWords(known: Subscription, given: Given): Subscription {
  const method = given.default_payment_method;
  const card = method === undefined ? undefined : cardOf(method);
  if (method !== undefined && card === null) throw missing("PaymentMethod", method, "default_payment_method");
  return {
    ...known,
    description: given.description ?? known.description,
    metadata: given.metadata === undefined ? known.metadata : mergedMetadata(known.metadata, given.metadata),
    default_payment_method: method ?? known.default_payment_method,
    ...(known.hidden === undefined || card === undefined || card === null
      ? {}
      : { hidden: { ...known.hidden, payer: { ...known.hidden.payer, card } } }),
  };
}

function withPause(known: Subscription, { pause_collection: given }: Given): Subscription {
  if (given === undefined) return known;
  return {
    ...known,
    pause_collection: given === "" ? null : { behavior: given.behavior, resumes_at: given.resumes_at ?? null },
  };
}

function withCancel(scope: Scope, known: Subscription, given: Given): Subscription {
  const { cancel_at: at, cancel_at_period_end: atEnd } = given;
  if (at === undefined && atEnd === undefined) return known;
  const cancelAt = atEnd === true ? periodOf(known).end : typeof at === "number" ? at : null;
  const details = { comment: null, feedback: null, feedback_option: null };
  return {
    ...known,
    cancel_at: cancelAt,
    cancel_at_period_end: atEnd === true,
    canceled_at: cancelAt === null ? null : scope.now,
    cancellation_details: { ...details, reason: cancelAt === null ? null : "cancellation_requested" },
  };
}

/** Another price or quantity, with what is left of the old one credited; an invoice at once where asked for, or needed. */
async function withPlan(
  scope: Scope,
  change: Change,
  before: Subscription,
  known: Subscription,
  given: Given,
): Promise<Subscription> {
  const [wanted] = given.items ?? [];
  const [old, ...others] = known.items.data;
  if (wanted === undefined || old === undefined) return updated(scope, change, before, known);
  if (wanted.id !== undefined && wanted.id !== old.id) throw missing("subscription_item", wanted.id, "items[0][id]");

  const price = await priceOf(scope, change, wanted, old);
  const quantity = wanted.quantity ?? old.quantity ?? 1;
  const isOtherRhythm = JSON.stringify(everyOf(price)) !== JSON.stringify(everyOf(old.price));
  const anchor = isOtherRhythm ? scope.now : known.billing_cycle_anchor;
  const { start, end } = periodOf(known);
  const period = isOtherRhythm
    ? { start: scope.now, end: periodEnd(anchor, everyOf(price), scope.now) }
    : { start, end };
  const item = { ...subscriptionItem(scope, known.id, { price, quantity }, period), id: old.id, created: old.created };
  const behavior = given.proration_behavior ?? "create_prorations";
  const waiting = behavior === "none" ? [] : prorations(scope, known, old, isOtherRhythm ? null : item);
  const next = withProrations(withItems({ ...known, billing_cycle_anchor: anchor }, [item, ...others]), waiting);
  if (!isOtherRhythm && behavior !== "always_invoice") return updated(scope, change, before, next);
  return await billedNow(scope, change, before, next, isOtherRhythm);
}

async function priceOf(
  scope: Scope,
  change: Change,
  { price, price_data: data }: z.output<typeof itemShape>,
  old: Stripe.SubscriptionItem,
): Promise<Stripe.Price> {
  if (data !== undefined) {
    const product = data.product ?? idOf(old.price.product) ?? "";
    const made = newPrice(scope, { ...data, active: false, product });
    put(change, scope.account, made);
    return made;
  }
  const named = price === undefined ? old.price : await need(scope, "price", price, "items[0][price]");
  if (named.recurring === null) throw badRequest({ message: "The price must recur.", param: "items[0][price]" });
  return named;
}

/** By the second, like Stripe: the unused part of the old price back, and of the new one what is left of the period. */
function prorations(
  scope: Scope,
  known: Subscription,
  old: Stripe.SubscriptionItem,
  item: Stripe.SubscriptionItem | null,
): Proration[] {
  const { start, end } = periodOf(known);
  const left = (end - scope.now) / (end - start);
  const part = ({ price, quantity = 1 }: Stripe.SubscriptionItem, sign: 1 | -1): Proration => ({
    amount: sign * Math.round((price.unit_amount ?? 0) * quantity * left),
    description: sign === 1 ? "Remaining time" : "Unused time",
    price: price.id,
    product: idOf(price.product) ?? "",
    start: scope.now,
    end,
  });
  return [part(old, -1), ...(item === null ? [] : [part(item, 1)])];
}

const withProrations = (known: Subscription, more: Proration[]): Subscription =>
  known.hidden === undefined
    ? known
    : { ...known, hidden: { ...known.hidden, prorations: [...known.hidden.prorations, ...more] } };

async function billedNow(
  scope: Scope,
  change: Change,
  before: Subscription,
  next: Subscription,
  withPeriod: boolean,
): Promise<Subscription> {
  const invoice = await nextInvoice(scope, change, next, "subscription_update", withPeriod);
  const subscription = updated(scope, change, before, { ...withoutProrations(next), latest_invoice: invoice.id });
  if (invoice.status !== "draft" || invoice.auto_advance !== true) return subscription;
  const customer = await need(scope, "customer", customerOf(subscription));
  const issued = issue(scope, change, { invoice, subscription, customer, payment: null, intent: null });
  const payer = subscription.hidden?.payer;
  if (payer === undefined || issued.invoice.status === "paid") return issued.subscription;
  return collect(scope, change, issued, payer, false).subscription;
}
