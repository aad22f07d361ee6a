import type Stripe from "stripe";

/** One object of each kind that the walk came by, named by what it is. */
export type Walked = Record<string, object>;

type Wait = (seconds: number) => Promise<void>;

const currency = "cad";
/** Stripe's own name for a card that pays. https://docs.stripe.com/testing#cards */
const card = "pm_card_visa";
/** How often it is looked whether a balance transaction has come, a second and more apart. */
const looks = 30;

/**
 * Does the same few things with whatever Stripe it is given, the sandbox or Stripe's test mode, and shows what it got: a
 * product, a session, a card payment with its fee, a refund, a subscription with its invoice. What can be ended, it ends.
 * @param wait lets so many seconds pass, by waiting or by turning the clock
 * @param mark stands in the names and metadata of all that it makes
 */
export async function walk(stripe: Stripe, wait: Wait, mark: string): Promise<Walked> {
  const metadata = { walk: mark };
  const product = await stripe.products.create({ name: `Walk ${mark}`, metadata });
  const recurring = { interval: "month" } as const;
  const price = await stripe.prices.create({ currency, unit_amount: 500, product: product.id, recurring, metadata });
  return {
    product,
    price,
    ...(await openSession(stripe, metadata)),
    ...(await payAndRefund(stripe, wait, metadata)),
    ...(await subscribe(stripe, price.id, metadata)),
    ...(await look(stripe)),
    // A price cannot be deleted, and so neither can its product.
    "product changed": await stripe.products.update(product.id, { active: false }),
  };
}

async function openSession(stripe: Stripe, metadata: Stripe.Metadata): Promise<Walked> {
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    submit_type: "donate",
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: 2500, product_data: { name: "Gift" } } }],
    metadata,
    payment_intent_data: { metadata },
    success_url: "https://example.org/thanks/{CHECKOUT_SESSION_ID}",
    cancel_url: "https://example.org/",
  });
  const lines = await stripe.checkout.sessions.listLineItems(session.id, { expand: ["data.price.product"] });
  const expired = await stripe.checkout.sessions.expire(session.id);
  return { session, "line item": first(lines.data), "session expired": expired };
}

async function payAndRefund(stripe: Stripe, wait: Wait, metadata: Stripe.Metadata): Promise<Walked> {
  const intent = await stripe.paymentIntents.create({
    amount: 500,
    currency,
    payment_method: card,
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    metadata,
  });
  const charged = idOf(intent.latest_charge);
  const charge = await settled(wait, () => stripe.charges.retrieve(charged, { expand: ["balance_transaction"] }));
  const { id } = await stripe.refunds.create({ payment_intent: intent.id, amount: 200 });
  const refund = await settled(wait, () => stripe.refunds.retrieve(id, { expand: ["balance_transaction"] }));
  return { "payment intent": intent, charge, refund };
}

/** The object once its balance transaction is known, or as it is after the last look. */
async function settled<Object extends { balance_transaction: unknown }>(
  wait: Wait,
  ask: () => Promise<Object>,
): Promise<Object> {
  for (let count = 0; count < looks; count += 1) {
    const found = await ask();
    if (found.balance_transaction !== null) return found;
    await wait(1 + count / 5);
  }
  return await ask();
}

async function subscribe(stripe: Stripe, price: string, metadata: Stripe.Metadata): Promise<Walked> {
  const customer = await stripe.customers.create({
    email: "walk@example.org",
    name: "Walk",
    payment_method: card,
    invoice_settings: { default_payment_method: card },
    metadata,
  });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }], metadata });
  const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice));
  const payments = await stripe.invoicePayments.list({ invoice: invoice.id });
  return {
    customer,
    subscription,
    invoice,
    "invoice payment": first(payments.data),
    "subscription canceled": await stripe.subscriptions.cancel(subscription.id),
    "customer deleted": await stripe.customers.del(customer.id),
  };
}

async function look(stripe: Stripe): Promise<Walked> {
  const rows = await stripe.balanceTransactions.list({ limit: 1, type: "charge" });
  const events = await stripe.events.list({ limit: 1, type: "charge.succeeded" });
  return {
    "balance transaction": first(rows.data),
    balance: await stripe.balance.retrieve(),
    event: first(events.data),
  };
}

const idOf = (reference: string | { id: string } | null): string =>
  typeof reference === "string" ? reference : (reference?.id ?? "");

const first = (list: readonly object[]): object => list[0] ?? {};
