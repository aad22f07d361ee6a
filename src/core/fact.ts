/**
 * Facts: what we keep of a Stripe object, one row an object. The database merges rows of the same object so that order,
 * duplicates and replays cannot matter; see `sql/0003_stripe_facts.sql` for each column's rule. A property that is null says
 * "not known from here", never "empty". Amounts are decimal strings of minor units, times ISO 8601, currencies upper case.
 */
type Row = {
  /** Almonry's account number, as a string. */
  account_id: string;
  /** The Stripe object's id. */
  id: string;
  /** When we asked Stripe for it (database clock at the start), or null when an event brought it. */
  fetched_at: string | null;
};

/** Who paid, as Stripe's billing or customer details state it; `email` is normalised by `normaliseEmail`. */
export type Details = { email: string | null; name: string | null };

export type Metadata = Record<string, string>;

export type ChargeFact = Row & {
  kind: "charge";
  status: string;
  captured: boolean;
  amount_minor: string;
  amount_captured_minor: string | null;
  currency: string;
  created: string;
  payment_intent: string | null;
  customer: string | null;
  balance_transaction: string | null;
  billing: Details | null;
  receipt_email: string | null;
  description: string | null;
  metadata: Metadata | null;
};

export type PaymentIntentFact = Row & {
  kind: "payment_intent";
  status: string;
  amount_minor: string;
  currency: string;
  created: string;
  latest_charge: string | null;
  customer: string | null;
  metadata: Metadata | null;
};

export type CheckoutSessionFact = Row & {
  kind: "checkout_session";
  status: string | null;
  payment_status: string;
  mode: string;
  payment_intent: string | null;
  customer: string | null;
  amount_total_minor: string | null;
  shipping_minor: string | null;
  currency: string | null;
  created: string;
  customer_details: Details | null;
  metadata: Metadata | null;
  subscription: string | null;
  invoice: string | null;
};

/** A line of a session; `metadata` is that of product, price and line together, the nearer one winning. */
export type LineItemFact = Row & {
  kind: "line_item";
  session: string;
  position: number;
  description: string | null;
  quantity: number;
  amount_total_minor: string;
  currency: string;
  price: string | null;
  product: string | null;
  metadata: Metadata;
};

export type RefundFact = Row & {
  kind: "refund";
  status: string;
  charge: string | null;
  payment_intent: string | null;
  amount_minor: string;
  currency: string;
  created: string;
  balance_transaction: string | null;
  /** The movement that brought the money back when the refund failed. */
  failure_balance_transaction: string | null;
  metadata: Metadata | null;
};

export type BalanceTransactionFact = Row & {
  kind: "balance_transaction";
  source: string | null;
  type: string;
  amount_minor: string;
  fee_minor: string;
  net_minor: string;
  currency: string;
  exchange_rate: string | null;
  created: string;
  reporting_category: string | null;
  /** `payments` unless it moved money that Stripe keeps apart, such as a reserve. */
  balance_type: string | null;
  description: string | null;
  /** How much of the fee is tax on it; null when Stripe did not say what the fee is made of. */
  fee_tax_minor: string | null;
};

/** Money on its way to the bank; a negative amount is taken from it. `arrival_date` is a day, as YYYY-MM-DD. */
export type PayoutFact = Row & {
  kind: "payout";
  status: string;
  amount_minor: string;
  currency: string;
  automatic: boolean;
  method: string | null;
  arrival_date: string;
  created: string;
  balance_transaction: string | null;
  failure_balance_transaction: string | null;
  original_payout: string | null;
  reversed_by: string | null;
  reconciliation_status: string | null;
  trace_id: string | null;
};

/** That a balance transaction (its id) was in an automatic payout. */
export type PayoutMemberFact = Row & { kind: "payout_member"; payout: string };

/** What an account has of a currency; its id is made of the type of the balance and the currency. */
export type BalanceFact = Row & {
  kind: "balance";
  currency: string;
  balance_type: string;
  available_minor: string;
  pending_minor: string;
  /** Null where Stripe names no reserve. */
  reserved_minor: string | null;
};

export type CustomerFact = Row & { kind: "customer"; details: Details | null };

/** An invoice; `metadata` is the snapshot of its subscription's (parent.subscription_details.metadata), else its own. */
export type InvoiceFact = Row & {
  kind: "invoice";
  status: string | null;
  billing_reason: string | null;
  subscription: string | null;
  customer: string | null;
  /** Normalised like every e-mail. */
  customer_email: string | null;
  currency: string;
  total_minor: string | null;
  attempt_count: number | null;
  next_attempt_at: string | null;
  created: string;
  metadata: Metadata | null;
};

/** What links an invoice to the payment intent or charge that paid a part of it. */
export type InvoicePaymentFact = Row & {
  kind: "invoice_payment";
  invoice: string;
  status: string;
  payment_intent: string | null;
  charge: string | null;
  amount_paid_minor: string | null;
};

export type SubscriptionFact = Row & {
  kind: "subscription";
  status: string;
  customer: string | null;
  currency: string | null;
  /** What one period costs, all items together; null when it cannot be told. */
  amount_minor: string | null;
  /** `month`, `year`, or such as `3 month`. */
  every: string | null;
  created: string;
  cancel_at: string | null;
  ended_at: string | null;
  metadata: Metadata | null;
  /** The same as `fetched_at`: a status that goes further stands whichever was fetched later. */
  status_fetched_at: string | null;
};

/** A dispute; its money is in its balance transactions, which come as facts of their own. */
export type DisputeFact = Row & {
  kind: "dispute";
  charge: string | null;
  payment_intent: string | null;
  status: string;
  reason: string | null;
  amount_minor: string;
  currency: string;
  created: string;
};

/** An answer of Stripe: all of `what` for object `id`, `found` objects. It says that nothing more is to come. */
export type FetchedFact = Row & { kind: "fetched"; what: FetchKind; found: number };

/** An object that was only named (a thin event) and has to be asked for. */
export type WantedFact = Row & { kind: "wanted"; what: FetchKind };

/** Objects that can be asked for by their id; each is named like its fact. */
const fetchedById = [
  "charge",
  "payment_intent",
  "checkout_session",
  "refund",
  "balance_transaction",
  "customer",
  "invoice",
  "invoice_payment",
  "subscription",
  "dispute",
  "payout",
] as const;

const fetchedLists = ["line_items", "session_of_payment", "payout_members"] as const;

/**
 * What can be asked of Stripe: a session's lines (by session), the session of a payment (by payment intent), what was in a
 * payout (by payout), or one object.
 */
export type FetchKind = (typeof fetchedLists)[number] | (typeof fetchedById)[number];

/** Whether a text names something that can be asked of Stripe. */
export function isFetchKind(text: unknown): text is FetchKind {
  return [...fetchedLists, ...fetchedById].some((kind) => kind === text);
}

export type Fact =
  | ChargeFact
  | PaymentIntentFact
  | CheckoutSessionFact
  | LineItemFact
  | RefundFact
  | BalanceTransactionFact
  | CustomerFact
  | InvoiceFact
  | InvoicePaymentFact
  | SubscriptionFact
  | DisputeFact
  | PayoutFact
  | PayoutMemberFact
  | BalanceFact
  | FetchedFact
  | WantedFact;
