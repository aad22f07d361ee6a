import type { InvoiceFact, Metadata } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/**
 * An invoice as a fact: a subscription's instalment, or a bill of its own. Whether money came for it is told by its
 * payments, never by its status: `paid` may be out of band, from a credit balance, or nothing to pay at all.
 *
 * Before the API version 2025-03-31.basil the subscription stood in the invoice itself and no object linked it to its
 * payments; such an invoice is read as far as it goes and has to be asked for again (`isOldInvoice`).
 */
export function invoiceFact(invoice: Fields, { accountId, fetchedAt }: Origin): InvoiceFact {
  const ofSubscription = invoice.part("parent")?.part("subscription_details") ?? null;
  return {
    kind: "invoice",
    account_id: accountId,
    id: invoice.id(),
    fetched_at: fetchedAt,
    status: invoice.optionalText("status"),
    billing_reason: invoice.optionalText("billing_reason"),
    subscription: ofSubscription?.reference("subscription") ?? invoice.reference("subscription"),
    customer: invoice.reference("customer"),
    customer_email: invoice.email("customer_email"),
    currency: invoice.currency("currency"),
    total_minor: invoice.optionalMinor("total"),
    attempt_count: invoice.optionalCount("attempt_count"),
    next_attempt_at: invoice.optionalTime("next_payment_attempt"),
    created: invoice.time("created"),
    metadata: filled((ofSubscription ?? invoice.part("subscription_details"))?.metadata()) ?? invoice.metadata(),
  };
}

/** Whether an invoice is in the shape from before 2025, which names neither its payments nor where they stand. */
export function isOldInvoice(object: Fields): boolean {
  return object.raw("object") === "invoice" && object.raw("parent") === undefined;
}

function filled(metadata: Metadata | null | undefined): Metadata | null {
  return metadata && Object.keys(metadata).length > 0 ? metadata : null;
}
