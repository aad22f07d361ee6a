import type Stripe from "stripe";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { emit } from "./event.ts";
import { metadata, text } from "./parameter.ts";
import type { Scope } from "./scope.ts";

type Given = {
  email?: string | null | undefined;
  name?: string | null | undefined;
  description?: string | undefined;
  phone?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
};

export function customer(scope: Scope, given: Given): Stripe.Customer {
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

const createShape = {
  email: text(512).optional(),
  name: text(256).optional(),
  description: text(5000).optional(),
  phone: text(20).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.CustomerCreateParams, unknown>>;

const create = action("/v1/customers", createShape, async (scope, given) => {
  const made = customer(scope, given);
  const change = emptyChange();
  put(change, scope.account, made);
  emit(scope, change, "customer.created", made);
  await scope.save(change, made);
  return made;
});

export const customerEndpoints: Endpoint[] = [
  create,
  retrieval("customer", "/v1/customers"),
  listing("customer", "/v1/customers", filters("email")),
];
