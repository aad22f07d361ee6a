import type Stripe from "stripe";
import { z } from "zod";
import { cardOf } from "./card.ts";
import { action, deletion, filters, listing, retrievalEvenDeleted } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put, remove } from "./entry.ts";
import { missing } from "./error.ts";
import { emit } from "./event.ts";
import { listed } from "./list.ts";
import { mergedMetadata, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kinds } from "./store.ts";
import { canceled } from "./subscription.ts";

type Given = {
  email?: string | null | undefined;
  name?: string | null | undefined;
  description?: string | undefined;
  phone?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
};

export function customer(scope: Scope, given: Given): Kinds["customer"] {
  return {
    id: scope.id("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: scope.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: given.description ?? null,
    discount: null,
    email: given.email ?? null,
    invoice_prefix: scope.id("").slice(1, 9).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    next_invoice_sequence: 1,
    phone: given.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
}

const invoiceSettings = z.strictObject({ default_payment_method: text(255).optional() });

const createShape = {
  email: text(512).optional(),
  name: text(256).optional(),
  description: text(5000).optional(),
  phone: text(20).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.CustomerUpdateParams, unknown>>;

type Paying = {
  payment_method?: string | undefined;
  invoice_settings?: z.output<typeof invoiceSettings> | undefined;
};

/** What a customer's invoices are paid by. @throws Refusal for a payment method that is none of the sandbox's */
function paidBy({ payment_method: attached, invoice_settings: settings }: Paying): Partial<Kinds["customer"]> {
  const method = settings?.default_payment_method ?? attached;
  if (method === undefined) return {};
  const card = cardOf(method);
  if (card === null) throw missing("PaymentMethod", method, "payment_method");
  const defaults = { custom_fields: null, footer: null, rendering_options: null };
  return { invoice_settings: { ...defaults, default_payment_method: method }, hidden: { card } };
}

const newShape = {
  ...createShape,
  payment_method: text(255).optional(),
  invoice_settings: invoiceSettings.optional(),
} satisfies Partial<Record<keyof Stripe.CustomerCreateParams, unknown>>;

const create = action("/v1/customers", newShape, async (scope, given) => {
  const made = { ...customer(scope, given), ...paidBy(given) };
  const change = emptyChange();
  put(change, scope.account, made);
  emit(scope, change, "customer.created", made);
  await scope.save(change, made);
  return made;
});

const updateShape = {
  ...createShape,
  invoice_settings: invoiceSettings.optional(),
} satisfies Partial<Record<keyof Stripe.CustomerUpdateParams, unknown>>;

const update = action("/v1/customers/:id", updateShape, (scope, given, id) =>
  scope.locked([id], async () => {
    const known = await need(scope, "customer", id);
    const after: Kinds["customer"] = {
      ...known,
      email: given.email ?? known.email,
      name: given.name ?? known.name ?? null,
      description: given.description ?? known.description,
      phone: given.phone ?? known.phone ?? null,
      metadata: given.metadata === undefined ? known.metadata : mergedMetadata(known.metadata, given.metadata),
      ...paidBy(given),
    };
    const change = emptyChange();
    put(change, scope.account, after);
    emit(scope, change, "customer.updated", after);
    await scope.save(change, after);
    return after;
  }),
);

/** What goes on by itself for a deleted customer ends with it. https://docs.stripe.com/api/customers/delete */
const del = deletion("/v1/customers/:id", {}, async (scope, _, id) => {
  const { data } = await listed(scope, "/v1/subscriptions", {
    kind: "subscription",
    filters: { customer: id },
    limit: 100,
  });
  return await scope.locked([id, ...data.map((one) => one.id)], async () => {
    const known = await need(scope, "customer", id);
    const change = emptyChange();
    for (const { id: subscription } of data) {
      const its = await need(scope, "subscription", subscription);
      if (its.status !== "canceled") canceled(scope, change, its, { reason: "cancellation_requested" });
    }
    remove(change, scope.account, known);
    emit(scope, change, "customer.deleted", known);
    await scope.save(change);
    return { id, object: "customer", deleted: true };
  });
});

export const customerEndpoints: Endpoint[] = [
  create,
  update,
  del,
  retrievalEvenDeleted("customer", "/v1/customers"),
  listing("customer", "/v1/customers", filters("email")),
];
