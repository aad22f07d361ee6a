import type Stripe from "stripe";
import { expect, test } from "vitest";
import { donor, gift, known, startSandbox } from "./fake.ts";

test("a gift is asked for, paid, and known with its fee two seconds later", async () => {
  const { sandbox, stripe, pass, types } = startSandbox();
  const session = await stripe.checkout.sessions.create(gift(500));
  expect(session).toMatchObject({ status: "open", payment_status: "unpaid", amount_total: 500, payment_intent: null });
  expect(session.url).toBe(`http://localhost:8787/sandbox/pay/${session.id}`);
  expect(session.id).toMatch(/^cs_test_/u);

  expect((await sandbox.pay("alov", session.id, donor)).outcome).toBe("paid");
  await sandbox.idle();
  expect(types().toSorted()).toEqual(["charge.succeeded", "checkout.session.completed", "payment_intent.succeeded"]);

  const paid = await stripe.checkout.sessions.retrieve(session.id);
  expect(paid).toMatchObject({ status: "complete", payment_status: "paid", url: null, customer: null });
  expect(paid.customer_details).toMatchObject({ email: donor.email, name: donor.name });
  const intent = await stripe.paymentIntents.retrieve(known(paid.payment_intent), { expand: ["latest_charge"] });
  const charge = intent.latest_charge as Stripe.Charge;
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 500, metadata: { fund: "families" } });
  expect(charge).toMatchObject({
    status: "succeeded",
    balance_transaction: null,
    metadata: { order: "alm_0123456789abcdef", fund: "families" },
    billing_details: { email: donor.email, name: donor.name },
    payment_method_details: { card: { country: "CA" } },
  });

  pass(1);
  expect(await sandbox.tick()).toMatchObject({ settled: 0 });
  pass(1);
  expect(await sandbox.tick()).toMatchObject({ settled: 1 });
  await sandbox.idle();
  expect(types().at(-1)).toBe("charge.updated");
  const settled = await stripe.charges.retrieve(charge.id, { expand: ["balance_transaction"] });
  expect(settled.balance_transaction).toMatchObject({
    amount: 500,
    fee: 45,
    net: 455,
    currency: "cad",
    source: charge.id,
  });
});

test("charge.updated carries the balance transaction, dated when it was due and not when it was played", async () => {
  const { sandbox, stripe, pass, delivered } = startSandbox();
  const session = await stripe.checkout.sessions.create(gift(5000));
  await sandbox.pay("alov", session.id, { ...donor, card: "foreign" });
  pass(30 * 86_400);
  await sandbox.tick();
  await sandbox.idle();
  const event = delivered.map((one) => one.event).find((one) => one.type === "charge.updated");
  expect(event?.created).toBe(session.created + 2);
  const [row] = (await stripe.balanceTransactions.list({ type: "charge" })).data;
  expect(row).toMatchObject({ created: session.created + 2, fee: 215, status: "available" });
  expect(event?.data.object).toMatchObject({ balance_transaction: row?.id });
});

test("a declined card leaves a failed charge, and the person can try again", async () => {
  const { sandbox, stripe, types } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  expect((await sandbox.pay("alov", id, { ...donor, card: "declined" })).outcome).toBe("declined");
  const open = await stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent.latest_charge"] });
  expect(open).toMatchObject({ status: "open", payment_status: "unpaid" });
  expect(open.payment_intent).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "card_declined", type: "card_error" },
    latest_charge: { status: "failed", paid: false, amount_captured: 0, failure_code: "card_declined" },
  });
  expect((await sandbox.pay("alov", id, donor)).outcome).toBe("paid");
  await sandbox.idle();
  const intents = await stripe.paymentIntents.list();
  expect(intents.data.map((intent) => intent.status)).toEqual(["succeeded"]);
  const charges = await stripe.charges.list({ payment_intent: intents.data[0]?.id ?? "" });
  expect(charges.data.map((charge) => charge.status)).toEqual(["succeeded", "failed"]);
  expect(types().toSorted()).toEqual(
    [
      "charge.failed",
      "payment_intent.payment_failed",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ].toSorted(),
  );
});

test("a session nobody pays runs out after a day and cannot be paid any more", async () => {
  const { sandbox, stripe, pass, types } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  pass(86_400);
  await sandbox.tick();
  await sandbox.idle();
  expect(types()).toEqual(["checkout.session.expired"]);
  expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: "expired", url: null });
  expect((await sandbox.pay("alov", id, donor)).outcome).toBe("expired");
});

test("a session can be expired by hand, but not twice and not once paid", async () => {
  const { sandbox, stripe, pass, types } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  expect((await stripe.checkout.sessions.expire(id)).status).toBe("expired");
  await expect(stripe.checkout.sessions.expire(id)).rejects.toThrow("status of expired");
  pass(90_000);
  await sandbox.tick();
  await sandbox.idle();
  expect(types()).toEqual(["checkout.session.expired"]);
});

test("a double click pays once", async () => {
  const { sandbox, stripe } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  const outcomes = await Promise.all([1, 2, 3].map(() => sandbox.pay("alov", id, donor)));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["paid", "paid before", "paid before"]);
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test("goods with a known price, a quantity and shipping come with lines, total and address", async () => {
  const { sandbox, stripe } = startSandbox();
  const product = await stripe.products.create({ name: "Pin, gold", metadata: { kind: "sale", item: "pin" } });
  const price = await stripe.prices.create({ currency: "cad", unit_amount: 500, product: product.id });
  const session = await stripe.checkout.sessions.create({
    ...gift(2000),
    submit_type: "pay",
    line_items: [{ price: price.id, quantity: 2 }, ...(gift(2000).line_items ?? [])],
    shipping_address_collection: { allowed_countries: ["CA", "US"] },
    shipping_options: [
      {
        shipping_rate_data: {
          display_name: "Post",
          type: "fixed_amount",
          fixed_amount: { amount: 350, currency: "cad" },
        },
      },
    ],
  });
  expect(session).toMatchObject({
    amount_subtotal: 3000,
    amount_total: 3350,
    shipping_cost: { amount_total: 350 },
    total_details: { amount_shipping: 350 },
  });
  const lines = await stripe.checkout.sessions.listLineItems(session.id, { expand: ["data.price.product"] });
  expect(lines.data.map((line) => [line.description, line.quantity, line.amount_total])).toEqual([
    ["Pin, gold", 2, 1000],
    ["Gift to Families", 1, 2000],
  ]);
  expect(lines.data.map((line) => (line.price?.product as Stripe.Product | undefined)?.metadata)).toEqual([
    { kind: "sale", item: "pin" },
    { kind: "gift", fund: "families" },
  ]);
  const { session: paid } = await sandbox.pay("alov", session.id, donor);
  expect(paid.collected_information?.shipping_details).toMatchObject({ name: donor.name, address: { country: "CA" } });
  const [charge] = (await stripe.charges.list({ payment_intent: known(paid.payment_intent) })).data;
  expect(charge?.shipping).toMatchObject({ name: donor.name, address: { country: "CA" } });
});

test("a payer becomes a customer only where the session asks for it", async () => {
  const { sandbox, stripe, types } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500, { customer_creation: "always" }));
  const { session } = await sandbox.pay("alov", id, donor);
  const customer = await stripe.customers.retrieve(known(session.customer));
  expect(customer).toMatchObject({ email: donor.email, name: donor.name });
  expect((await stripe.charges.list({ customer: customer.id })).data).toHaveLength(1);
  await sandbox.idle();
  expect(types()).toContain("customer.created");
});

test("the session of a payment is found by its payment intent", async () => {
  const { sandbox, stripe } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  await stripe.checkout.sessions.create(gift(2500));
  const { session } = await sandbox.pay("alov", id, donor);
  const found = await stripe.checkout.sessions.list({ payment_intent: known(session.payment_intent) });
  expect(found.data.map((one) => one.id)).toEqual([id]);
});
