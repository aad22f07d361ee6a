import type Stripe from "stripe";
import { discountOn } from "./coupon.ts";
import { put } from "./entry.ts";
import { invoiceLine } from "./invoice-line.ts";
import type { Billed } from "./invoice-line.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";
import { periodOf } from "./subscription.ts";
import type { Subscription } from "./subscription.ts";

export type Invoice = Kinds["invoice"];

type Asked = {
  subscription: Subscription;
  customer: Stripe.Customer;
  reason: "subscription_create" | "subscription_cycle" | "subscription_update";
  billed: readonly Billed[];
  coupon: Stripe.Coupon | null;
};

/** How many lines Stripe puts into an invoice itself; the rest is asked for. */
const linesInside = 10;

/** A draft of an invoice, with its lines, of which the change keeps each as an object of its own. */
export function draftInvoice(
  scope: Scope,
  change: Change,
  { subscription, customer, reason, billed, coupon }: Asked,
): Invoice {
  const id = scope.id("in");
  const { currency } = subscription;
  const discount = coupon === null ? null : scope.id("di");
  const amounts = billed.map(({ amount }) => amount);
  const discounts = coupon === null ? amounts.map(() => 0) : discountOn(coupon, amounts);
  const lines = billed.map((one, index) =>
    invoiceLine(scope, one, {
      invoice: id,
      subscription: subscription.id,
      currency,
      discount,
      discountMinor: discounts[index] ?? 0,
    }),
  );
  const subtotal = sum(amounts);
  const total = subtotal - sum(discounts);
  const period = periodOf(subscription);
  for (const line of lines) put(change, scope.account, line, { name: "invoice", id, created: scope.now });
  return {
    id,
    object: "invoice",
    account_country: "CA",
    account_name: scope.account,
    account_tax_ids: null,
    amount_due: Math.max(0, total),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: Math.max(0, total),
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: reason,
    collection_method: "charge_automatically",
    created: scope.now,
    currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: discount === null ? [] : [discount],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: "list",
      data: lines.slice(0, linesInside),
      has_more: lines.length > linesInside,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: reason === "subscription_cycle" ? period.start : scope.now,
    period_start: reason === "subscription_cycle" ? subscription.created : scope.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: null,
    total,
    total_discount_amounts: discount === null ? [] : [{ amount: sum(discounts), discount }],
    total_excluding_tax: total,
    total_pretax_credit_amounts: discount === null ? [] : [{ amount: sum(discounts), discount, type: "discount" }],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

/** The invoice as it is sent out: numbered, and what the customer has in credit taken off. */
export function numbered(scope: Scope, draft: Invoice, customer: Stripe.Customer): Invoice {
  const due = draft.total + customer.balance;
  return {
    ...draft,
    amount_due: Math.max(0, due),
    amount_remaining: Math.max(0, due),
    effective_at: scope.now,
    // Credit that is not used up stays with the customer; an invoice below nothing adds to it.
    ending_balance: Math.min(0, due),
    next_payment_attempt: null,
    number: `${customer.invoice_prefix ?? ""}-${String(customer.next_invoice_sequence ?? 1).padStart(4, "0")}`,
    starting_balance: customer.balance,
    status: "open",
    status_transitions: { ...draft.status_transitions, finalized_at: scope.now },
  };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
