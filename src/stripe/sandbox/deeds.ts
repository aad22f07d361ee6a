import type Stripe from "stripe";
import { attempt } from "./attempt.ts";
import { balanceTransaction } from "./balance-transaction.ts";
import { billOf, takenIn } from "./bill.ts";
import { paymentMethodId } from "./card.ts";
import type { Card } from "./card.ts";
import { emptyChange, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { invoicePayment } from "./invoice-payment.ts";
import { paymentIntent } from "./payment-intent.ts";
import { payOut } from "./payout.ts";
import { locksOf } from "./renew.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { shown } from "./rendering.ts";
import { updated } from "./subscription.ts";

/** Gives a subscription another card, as its owner would do in the customer portal. */
export async function setCard(scope: Scope, id: string, card: Card): Promise<Stripe.Subscription> {
  return await scope.locked(await locksOf(scope, id), async () => {
    const known = await need(scope, "subscription", id);
    if (known.hidden === undefined) throw badRequest({ message: `Nobody pays subscription ${id}.` });
    const method = paymentMethodId(card, (prefix) => scope.id(prefix));
    const hidden = { ...known.hidden, payer: { ...known.hidden.payer, card } };
    const change = emptyChange();
    const after = updated(scope, change, known, { ...known, default_payment_method: method, hidden });
    await scope.save(change);
    return shown(after);
  });
}

/**
 * Pays a part of an open invoice by a payment of its own, as a payment attached in Stripe's dashboard does.
 * @throws Refusal when the invoice is not open, or less is left of it
 */
export async function payPart(scope: Scope, id: string, amount: number, card: Card): Promise<Stripe.Invoice> {
  return await scope.locked(await locksOf(scope, id), async () => {
    const bill = await billOf(scope, id);
    const { invoice, subscription, customer } = bill;
    if (invoice.status !== "open" || amount > invoice.amount_remaining)
      throw badRequest({ message: `Invoice ${id} cannot take ${amount}.`, param: "amount" });
    const change = emptyChange();
    const asked = paymentIntent(scope, {
      amount,
      currency: invoice.currency,
      customer: customer.id,
      data: { description: `Payment for Invoice ${invoice.number ?? id}` },
      hidden: { invoice: id },
    });
    const known = subscription.hidden?.payer ?? {
      email: customer.email ?? "",
      name: customer.name ?? "",
      shipping: null,
    };
    const { intent, charge } = attempt(scope, change, asked, { ...known, card });
    if (charge.status === "failed") {
      await scope.save(change);
      return shown(invoice);
    }
    const payment = invoicePayment(scope, { invoice, intent: intent.id, amount, isDefault: false });
    put(change, scope.account, payment);
    const { invoice: after } = takenIn(scope, change, bill, payment, amount);
    await scope.save(change);
    return shown(after);
  });
}

/** A movement that no event tells of, such as `{ type: "stripe_fee", amount: -500, description: "Radar" }`. */
export type Movement = {
  type: string;
  /** Minor units, below nothing what is taken. */
  amount: number;
  currency?: string;
  description?: string;
  reportingCategory?: string;
};

export async function move(scope: Scope, movement: Movement): Promise<Stripe.BalanceTransaction> {
  const { type, amount, currency = "cad", description = null, reportingCategory } = movement;
  const row = balanceTransaction(scope, {
    source: null,
    type,
    currency,
    description,
    exchange_rate: null,
    amountMinor: BigInt(amount),
    fees: [],
    ...(reportingCategory === undefined ? {} : { category: reportingCategory }),
    availableOn: scope.now,
  });
  const change = emptyChange();
  put(change, scope.account, row);
  await scope.save(change);
  return shown(row);
}

export async function payOutNow(scope: Scope, currency: string): Promise<Stripe.Payout | null> {
  return await scope.locked([`pay out ${currency}`], async () => {
    const change = emptyChange();
    const begun = await payOut(scope, change, currency);
    await scope.save(change);
    return begun;
  });
}
