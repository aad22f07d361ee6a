import type { CheckoutSessionFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/**
 * A Checkout session as a fact: what was ordered and by whom. Its amounts stay in our own currency also when the buyer
 * saw another one (`presentment_details`).
 */
export function checkoutSessionFact(session: Fields, { accountId, fetchedAt }: Origin): CheckoutSessionFact {
  return {
    kind: "checkout_session",
    account_id: accountId,
    id: session.id(),
    fetched_at: fetchedAt,
    status: session.optionalText("status"),
    payment_status: session.text("payment_status"),
    mode: session.text("mode"),
    payment_intent: session.reference("payment_intent"),
    customer: session.reference("customer"),
    amount_total_minor: session.optionalMinor("amount_total"),
    shipping_minor: shippingMinor(session),
    currency: session.optionalCurrency("currency"),
    created: session.time("created"),
    customer_details: session.part("customer_details")?.details() ?? null,
    metadata: session.metadata(),
    subscription: session.reference("subscription"),
    invoice: session.reference("invoice"),
  };
}

/** Shipping with its tax; `total_details` says 0 where nothing is shipped, so null stays "not known". */
function shippingMinor(session: Fields): string | null {
  const chosen = session.part("shipping_cost")?.optionalMinor("amount_total");
  return chosen ?? session.part("total_details")?.optionalMinor("amount_shipping") ?? null;
}
