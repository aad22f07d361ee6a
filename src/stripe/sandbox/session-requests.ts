import { checkoutSession, createShape } from "./checkout-session.ts";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { lineItems } from "./line-item.ts";
import { reducedBy, reductionOf } from "./reduction.ts";
import { need } from "./scope.ts";
import { checkMode, checkTotal } from "./session-check.ts";
import { expired, opened } from "./session-end.ts";
import { shippingRate } from "./shipping-rate.ts";

const create = action("/v1/checkout/sessions", createShape, async (scope, given) => {
  if (given.customer !== undefined) await need(scope, "customer", given.customer, "customer");
  const { items, made } = await lineItems(scope, given.line_items);
  const option = given.shipping_options?.[0]?.shipping_rate_data;
  const parts = { items, rate: option === undefined ? null : shippingRate(scope, option) };
  checkMode(given, parts);
  const asked = checkoutSession(scope, given, parts);
  const [wanted] = given.discounts ?? [];
  const reduction = wanted === undefined ? null : await reductionOf(scope, wanted);
  const { session, items: reduced } =
    reduction === null ? { session: asked, items } : reducedBy(reduction, asked, items);
  checkTotal(session, { ...parts, items: reduced });
  const change = emptyChange();
  for (const object of made) put(change, scope.account, object);
  if (parts.rate !== null) put(change, scope.account, parts.rate);
  opened(scope, change, session, reduced);
  await scope.save(change, session);
  return session;
});

const expire = action("/v1/checkout/sessions/:id/expire", {}, (scope, _, id) =>
  scope.locked([id], async () => {
    const session = await need(scope, "checkout.session", id, "session");
    if (session.status !== "open") {
      throw badRequest({
        message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      });
    }
    const change = emptyChange();
    const over = expired(scope, change, session);
    await scope.save(change, over);
    return over;
  }),
);

export const checkoutSessionEndpoints: Endpoint[] = [
  create,
  expire,
  retrieval("checkout.session", "/v1/checkout/sessions"),
  listing("checkout.session", "/v1/checkout/sessions", filters("payment_intent", "customer", "status", "subscription")),
];
