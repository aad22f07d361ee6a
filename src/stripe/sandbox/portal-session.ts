import type Stripe from "stripe";
import { action } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { address, text } from "./parameter.ts";
import { need } from "./scope.ts";

const createShape = {
  customer: text(255),
  return_url: address.optional(),
  configuration: text(255).optional(),
  locale: text(10).optional(),
} satisfies Partial<Record<keyof Stripe.BillingPortal.SessionCreateParams, unknown>>;

const create = action("/v1/billing_portal/sessions", createShape, async (scope, given) => {
  const customer = await need(scope, "customer", given.customer, "customer");
  const id = scope.id("bps");
  const made: Stripe.BillingPortal.Session = {
    id,
    object: "billing_portal.session",
    configuration: given.configuration ?? "bpc_sandbox",
    created: scope.now,
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: given.locale ?? null,
    on_behalf_of: null,
    return_url: given.return_url ?? null,
    url: `${scope.baseUrl}/sandbox/portal/${id}`,
  };
  const change = emptyChange();
  put(change, scope.account, made);
  await scope.save(change, made);
  return made;
});

export const portalSessionEndpoints: Endpoint[] = [create];
