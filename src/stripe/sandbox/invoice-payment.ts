import type Stripe from "stripe";
import { z } from "zod";
import { listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { text } from "./parameter.ts";
import type { Scope } from "./scope.ts";

/** What links an invoice to the payment intent that is to pay it, or a part of it. */
export function invoicePayment(
  scope: Scope,
  of: { invoice: Stripe.Invoice; intent: string; amount: number; isDefault: boolean },
): Stripe.InvoicePayment {
  return {
    id: scope.id("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: of.amount,
    created: scope.now,
    currency: of.invoice.currency,
    invoice: of.invoice.id,
    is_default: of.isDefault,
    livemode: false,
    payment: { payment_intent: of.intent, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
}

export const paidInvoicePayment = (
  scope: Scope,
  known: Stripe.InvoicePayment,
  amount: number,
): Stripe.InvoicePayment => ({
  ...known,
  amount_paid: amount,
  amount_requested: amount,
  status: "paid",
  status_transitions: { canceled_at: null, paid_at: scope.now },
});

const payment = z.strictObject({
  type: z.enum(["charge", "payment_intent"]),
  charge: text(255).optional(),
  payment_intent: text(255).optional(),
});

export const invoicePaymentEndpoints: Endpoint[] = [
  retrieval("invoice_payment", "/v1/invoice_payments"),
  listing(
    "invoice_payment",
    "/v1/invoice_payments",
    {
      invoice: text(255).optional(),
      status: z.enum(["canceled", "open", "paid"]).optional(),
      payment: payment.optional(),
    },
    ({ invoice, status, payment: by }) => ({
      filters: { invoice, status, payment_intent: by?.payment_intent, charge: by?.charge },
    }),
  ),
];
