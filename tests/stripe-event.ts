import Stripe from "stripe";
import { charge } from "./fixtures/stripe/charge.ts";
import { checkoutSession } from "./fixtures/stripe/checkout-session.ts";
import { customer } from "./fixtures/stripe/customer.ts";
import { dispute } from "./fixtures/stripe/dispute.ts";
import { invoicePayment } from "./fixtures/stripe/invoice-payment.ts";
import { invoice } from "./fixtures/stripe/invoice.ts";
import { paymentIntent } from "./fixtures/stripe/payment-intent.ts";
import { payout } from "./fixtures/stripe/payout.ts";
import { refund } from "./fixtures/stripe/refund.ts";
import { subscription } from "./fixtures/stripe/subscription.ts";

/** A snapshot event as Stripe sends it, its object left open so that tests can bend it. */
export type TestEvent = {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  data: { object: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
  account?: string;
  context?: string;
};

let count = 0;

/**
 * An event of this type around the fixture of its object, e.g. `stripeEvent("charge.succeeded", { amount: 900 })`.
 * @param overrides fields of the object that differ from the fixture
 * @param outside fields of the event itself that differ; its id is a new one each time
 */
export function stripeEvent(
  type: string,
  overrides: Record<string, unknown> = {},
  outside: Partial<TestEvent> = {},
): TestEvent {
  count += 1;
  return {
    id: `evt_1SValmonry${String(count).padStart(8, "0")}`,
    object: "event",
    api_version: Stripe.API_VERSION,
    created: 1604259001,
    data: { object: { ...fixtureOf(type), ...overrides } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    ...outside,
  };
}

function fixtureOf(type: string): object {
  if (type === "charge.refund.updated" || type.startsWith("refund.")) return refund;
  if (type.startsWith("charge.dispute.")) return dispute;
  if (type.startsWith("charge.")) return charge;
  if (type.startsWith("payment_intent.")) return paymentIntent;
  if (type.startsWith("checkout.session.")) return checkoutSession;
  if (type.startsWith("customer.subscription.")) return subscription;
  if (type.startsWith("customer.")) return customer;
  if (type.startsWith("invoice.")) return invoice;
  if (type.startsWith("invoice_payment.")) return invoicePayment;
  if (type.startsWith("payout.")) return payout;
  return { id: "obj_1SValmonry01", object: type.split(".")[0] };
}

/** A delivery ready to be posted: the body word for word and the headers Stripe would send, signed at `at`. */
export async function signed(
  event: unknown,
  secret: string,
  at: Date,
): Promise<{ method: "POST"; body: string; headers: Record<string, string> }> {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const timestamp = Math.floor(at.getTime() / 1000);
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret, timestamp });
  return {
    method: "POST",
    body,
    headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
  };
}
