import type { InvoicePaymentFact } from "../core/fact.ts";
import { type Fields, type Origin, TranslateError } from "./field.ts";

/**
 * What links an invoice to a payment, as a fact; an invoice paid in two parts has two. One that names neither payment
 * intent nor charge (a `payment_record`) is money that did not come through Stripe.
 */
export function invoicePaymentFact(link: Fields, { accountId, fetchedAt }: Origin): InvoicePaymentFact {
  const payment = link.part("payment");
  const invoice = link.reference("invoice");
  if (invoice === null) throw new TranslateError(`${link.path}.invoice must be an id`);
  return {
    kind: "invoice_payment",
    account_id: accountId,
    id: link.id(),
    fetched_at: fetchedAt,
    invoice,
    status: link.text("status"),
    payment_intent: payment?.reference("payment_intent") ?? null,
    charge: payment?.reference("charge") ?? null,
    amount_paid_minor: link.optionalMinor("amount_paid"),
  };
}
