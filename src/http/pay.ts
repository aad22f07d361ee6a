import type { Context } from "hono";
import { quantityField } from "../core/basket.ts";
import type { Submitted } from "../core/give.ts";
import type { Order } from "../core/order.ts";
import { isOrderPaid } from "../db/gift.ts";
import { releaseStock, reserveStock, type Shortage } from "../db/stock.ts";
import { createCheckout } from "../stripe/checkout.ts";
import { giveErrors } from "../../web/locales/en/give.ts";
import { orderErrors } from "../../web/locales/en/order.ts";
import type { Deps, Env } from "./deps.ts";
import { refusalInWords } from "./order-words.ts";

/** Why a form is shown again: the status, and the words by field (`form` for none of them). */
export type NotTaken = { status: 422 | 503; errors: Record<string, string> };

/** The name of a new order. */
export function freshOrder(deps: Pick<Deps, "random">): string {
  return `alm_${deps.random()}`;
}

/**
 * Sends whoever submitted a form on to Stripe, or says why it was not taken. Nothing is kept here until
 * Stripe tells, but for pieces that are counted: those it takes off the shelf.
 */
export async function toPayment(c: Context<Env>, deps: Deps, submitted: Submitted): Promise<Response | NotTaken> {
  if (!submitted.ok) {
    const errors: Record<string, string> = {};
    for (const refusal of submitted.refusals) errors[refusal.field] ??= refusalInWords(refusal);
    return { status: 422, errors };
  }
  const order = await asNewOrder(deps, submitted.order);
  const account = await deps.findAccount(order.account);
  if (account === null) return { status: 503, errors: { form: orderErrors.closed } };
  const short = await reserveStock(deps.sql, order);
  if (short.length > 0) return { status: 422, errors: shortErrors(short) };
  const answer = await createCheckout(account.stripe, order, deps);
  if (answer.ok) return c.redirect(answer.url, 303);
  await releaseStock(deps.sql, order.id);
  if (answer.reason === "e-mail refused") return { status: 422, errors: { email: giveErrors.emailNotOne } };
  deps.log("warn", "Stripe could not be asked for a payment page", {
    request: c.get("requestId"),
    order: order.id,
    account: order.account,
    detail: answer.detail,
  });
  return { status: 503, errors: { form: giveErrors.stripeAway } };
}

/** Somebody else was quicker: what is said beside each quantity. */
function shortErrors(short: readonly Shortage[]): Record<string, string> {
  return Object.fromEntries(
    short.map(({ item, variant, remaining }) => {
      const field = quantityField(item, variant);
      return [field, refusalInWords({ field, reason: "too few left", left: remaining })];
    }),
  );
}

/** A form sent again after it was paid (by Back, and again) is a new order; Stripe would answer with the paid session. */
async function asNewOrder(deps: Deps, order: Order): Promise<Order> {
  return (await isOrderPaid(deps.sql, order.id)) ? { ...order, id: freshOrder(deps) } : order;
}
