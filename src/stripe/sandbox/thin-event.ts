import type Stripe from "stripe";

/** Where an object of each kind is asked for. */
const addresses: Record<string, string> = {
  balance_transaction: "/v1/balance_transactions",
  charge: "/v1/charges",
  "checkout.session": "/v1/checkout/sessions",
  customer: "/v1/customers",
  dispute: "/v1/disputes",
  invoice: "/v1/invoices",
  invoice_payment: "/v1/invoice_payments",
  payment_intent: "/v1/payment_intents",
  payout: "/v1/payouts",
  refund: "/v1/refunds",
  subscription: "/v1/subscriptions",
};

type Named = { id: string; object: string };

/** An event that names its object and does not carry it. https://docs.stripe.com/event-destinations#thin-events */
export function thinEvent({ id, type, created, livemode, request, data }: Stripe.EventBase): object {
  const object = data.object as unknown as Named;
  return {
    id: id.replace(/^evt_/u, "evt_test_"),
    object: "v2.core.event",
    type: `v1.${type}`,
    livemode,
    created: new Date(created * 1000).toISOString(),
    ...(request?.id == null
      ? {}
      : {
          reason: {
            type: "request",
            request: { id: request.id, idempotency_key: request.idempotency_key ?? "" },
          },
        }),
    related_object: { id: object.id, type: object.object, url: `${addresses[object.object] ?? ""}/${object.id}` },
    snapshot_event: id,
  };
}
