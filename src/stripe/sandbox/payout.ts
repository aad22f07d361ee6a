import type Stripe from "stripe";
import { balanceTransaction } from "./balance-transaction.ts";
import { unpaidMovements } from "./balance.ts";
import { later } from "./attempt.ts";
import { emptyChange, finish, plan, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

const hourSeconds = 60 * 60;
/** A bank takes two days; what is in an automatic payout is known an hour after it began. */
const arrivesAfterSeconds = 48 * hourSeconds;
const reconciledAfterSeconds = hourSeconds;
/** A debit card takes half an hour. https://docs.stripe.com/payouts/instant-payouts */
const instantAfterSeconds = hourSeconds / 2;

type Asked = {
  amount: number;
  currency: string;
  automatic: boolean;
  metadata?: Stripe.Metadata | undefined;
  method?: "standard" | "instant" | undefined;
};

/** Money on its way between the balance and the bank; below nothing, the bank is debited. */
function payout(scope: Scope, { amount, currency, automatic, metadata, method = "standard" }: Asked): Stripe.Payout {
  return {
    id: scope.id("po"),
    object: "payout",
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: scope.now + (method === "instant" ? instantAfterSeconds : arrivesAfterSeconds),
    automatic,
    balance_transaction: null,
    created: scope.now,
    currency,
    description: automatic ? "STRIPE PAYOUT" : null,
    destination: "ba_sandbox",
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: metadata ?? {},
    method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: automatic ? "in_progress" : "not_applicable",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "in_transit",
    trace_id: { status: "pending", value: null },
    type: "bank_account",
  };
}

/** A payout has begun: its own movement takes the money out of the balance. */
function begin(scope: Scope, change: Change, asked: Asked): Stripe.Payout {
  const made = payout(scope, asked);
  const row = moved(scope, made, "payout", -made.amount);
  // The list of an automatic payout holds its own movement too.
  put(change, scope.account, asked.automatic ? { ...row, hidden: { payout: made.id } } : row);
  const begun = { ...made, balance_transaction: row.id };
  put(change, scope.account, begun);
  emit(scope, change, "payout.created", begun);
  const next = asked.automatic ? reconciledAfterSeconds : begun.arrival_date - scope.now;
  plan(change, scope.account, "arrive", begun.id, later(scope, next));
  return begun;
}

const moved = (scope: Scope, { id, currency }: Stripe.Payout, type: "payout" | "payout_failure", amount: number) =>
  balanceTransaction(scope, {
    source: id,
    type,
    currency,
    description: type === "payout" ? "STRIPE PAYOUT" : "PAYOUT FAILURE",
    exchange_rate: null,
    amountMinor: BigInt(amount),
    fees: [],
    availableOn: scope.now,
  });

/** All that is available and in no payout yet is paid out, or debited. Null when that is nothing. */
export async function payOut(scope: Scope, change: Change, currency: string): Promise<Stripe.Payout | null> {
  const rows = await unpaidMovements(scope, currency);
  const amount = rows.reduce((sum, { net }) => sum + net, 0);
  if (amount === 0) return null;
  const begun = begin(scope, change, { amount, currency, automatic: true });
  for (const row of rows) put(change, scope.account, { ...row, hidden: { payout: begun.id } });
  return begun;
}

/** A payout that a person asked for: Stripe does not say what is in it. */
export async function payOutByHand(scope: Scope, asked: Omit<Asked, "automatic">): Promise<Stripe.Payout> {
  const change = emptyChange();
  const begun = begin(scope, change, { ...asked, automatic: false });
  await scope.save(change, begun);
  return begun;
}

/** What is in a payout is known, and later it has arrived, as far as Stripe can tell: a failure may follow. */
export async function arrive(scope: Scope, change: Change, id: string): Promise<void> {
  const known = await need(scope, "payout", id);
  if (known.status !== "in_transit") return;
  if (known.reconciliation_status === "in_progress") {
    const reconciled: Stripe.Payout = { ...known, reconciliation_status: "completed" };
    put(change, scope.account, reconciled);
    emit(scope, change, "payout.reconciliation_completed", reconciled);
    plan(change, scope.account, "arrive", id, new Date(known.arrival_date * 1000));
    return;
  }
  const paid: Stripe.Payout = { ...known, status: "paid", trace_id: { status: "supported", value: id.slice(3, 18) } };
  put(change, scope.account, paid);
  emit(scope, change, "payout.paid", paid);
}

/** The bank sends a payout back, also days after it was told as paid: a movement of its own brings it into the balance. */
export async function failPayout(scope: Scope, id: string): Promise<Stripe.Payout> {
  return await scope.locked([id], async () => {
    const known = await need(scope, "payout", id, "payout");
    if (known.status === "failed") throw badRequest({ message: `Payout ${id} has failed already.` });
    const change = emptyChange();
    const row: Kinds["balance_transaction"] = moved(scope, known, "payout_failure", known.amount);
    const failed: Stripe.Payout = {
      ...known,
      failure_balance_transaction: row.id,
      failure_code: "account_closed",
      failure_message: "The bank account has been closed",
      status: "failed",
    };
    put(change, scope.account, row);
    put(change, scope.account, failed);
    finish(change, scope.account, "arrive", id);
    emit(scope, change, "payout.failed", failed);
    await scope.save(change);
    return failed;
  });
}
