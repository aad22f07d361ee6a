import Stripe from "stripe";
import { charge } from "../tests/fixtures/stripe/charge.ts";
import { checkoutSession } from "../tests/fixtures/stripe/checkout-session.ts";
import { paymentIntent } from "../tests/fixtures/stripe/payment-intent.ts";

export const secret = "whsec_bench0123456789abcdef";

/** Everybody gives a few times, as in a real rush: one payment in three is by somebody new. */
const people = (payments: number): number => Math.max(1, Math.floor(payments / 3));

/** When the payments were made, in Stripe's seconds, and the number of who made one; what a rush has if not said. */
type Given = { since?: number; donor?: (payment: number) => number };

/**
 * Event number `index` of a rush of gifts: each payment sends four events (intent, charge, session, and the charge again
 * with its balance transaction), printed with two spaces as Stripe prints them, 2 to 5 kB each.
 * @param run tells the payments of one run from those of another
 */
export function eventBody(run: string, index: number, total: number, given: Given = {}): string {
  const { since = 1_604_259_000, donor = (payment: number) => payment % people(total / 4) } = given;
  const payment = Math.floor(index / 4);
  const key = `${run}${String(payment).padStart(8, "0")}`;
  const person = `donor${donor(payment)}`;
  const details = { email: `${person}@example.org`, name: `Donor ${person}` };
  const created = since + payment * 60;
  const ids = { charge: `ch_3SV${key}`, intent: `pi_3SV${key}`, session: `cs_test_${key}` };
  const metadata = { fund: payment % 5 === 0 ? "general" : "families" };
  const paid = {
    ...charge,
    id: ids.charge,
    payment_intent: ids.intent,
    created,
    metadata,
    billing_details: { ...charge.billing_details, ...details },
  };
  const events: [type: string, object: object][] = [
    ["payment_intent.succeeded", { ...paymentIntent, id: ids.intent, latest_charge: ids.charge, created, metadata }],
    ["charge.succeeded", paid],
    [
      "checkout.session.completed",
      {
        ...checkoutSession,
        id: ids.session,
        payment_intent: ids.intent,
        created,
        metadata,
        customer_details: { ...checkoutSession.customer_details, ...details },
      },
    ],
    ["charge.updated", { ...paid, balance_transaction: `txn_3SV${key}` }],
  ];
  const [type, object] = events[index % 4] ?? ["charge.succeeded", paid];
  const event = {
    id: `evt_3SV${key}${index % 4}`,
    object: "event",
    api_version: Stripe.API_VERSION,
    created,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${key}`, idempotency_key: `stripe-node-retry-${key}` },
    type,
  };
  return JSON.stringify(event, null, 2);
}
