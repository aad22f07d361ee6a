import type Stripe from "stripe";
import { expect, test } from "vitest";
import { donor, known, monthly, startSandbox, subscribe } from "./fake.ts";

const day = 86_400;

test("a monthly gift begins with a customer, a subscription, its invoice, and a charge that carries no metadata", async () => {
  const fake = startSandbox();
  const { stripe, sandbox, pass, types } = fake;
  const { session, subscription } = await subscribe(fake);
  await sandbox.idle();
  expect(types().toSorted()).toEqual(
    [
      "charge.succeeded",
      "checkout.session.completed",
      "customer.created",
      "customer.subscription.created",
      "customer.subscription.updated",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice_payment.paid",
      "payment_intent.succeeded",
    ].toSorted(),
  );
  expect(session).toMatchObject({
    mode: "subscription",
    status: "complete",
    payment_status: "paid",
    payment_intent: null,
  });
  expect(subscription).toMatchObject({
    status: "active",
    customer: session.customer,
    currency: "cad",
    metadata: { fund: "families" },
    latest_invoice: session.invoice,
  });
  expect(subscription.items.data[0]).toMatchObject({
    price: { unit_amount: 2500, recurring: { interval: "month", interval_count: 1 } },
    current_period_end: Date.parse("2021-04-01T15:00:00Z") / 1000,
  });
  const invoice = await stripe.invoices.retrieve(known(session.invoice), {
    expand: ["payments.data.payment.payment_intent"],
  });
  expect(invoice).toMatchObject({
    status: "paid",
    billing_reason: "subscription_create",
    customer_email: donor.email,
    total: 2500,
    amount_paid: 2500,
    parent: { subscription_details: { subscription: subscription.id, metadata: { fund: "families" } } },
  });
  expect(invoice.lines.data[0]).toMatchObject({ amount: 2500, parent: { type: "subscription_item_details" } });
  const payment = invoice.payments?.data[0];
  const intent = payment?.payment.payment_intent as Stripe.PaymentIntent;
  const charge = await stripe.charges.retrieve(known(intent.latest_charge));
  expect([intent.metadata, charge.metadata]).toEqual([{}, {}]);
  const payments = await stripe.invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: intent.id },
  });
  expect(payments.data).toMatchObject([{ id: payment?.id, status: "paid", amount_paid: 2500, invoice: invoice.id }]);
  pass(2);
  await sandbox.tick();
  await sandbox.idle();
  expect(types().at(-1)).toBe("charge.updated");
});

test("a year of a monthly gift is twelve more payments, each in its month, when the clock is turned in one go", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake);
  await sandbox.advance(365 * day + 7200);
  const invoices = await stripe.invoices.list({ subscription: subscription.id, limit: 100 });
  expect(invoices.data.map(({ status, billing_reason, total }) => [status, billing_reason, total])).toEqual([
    ...Array.from({ length: 12 }, () => ["paid", "subscription_cycle", 2500]),
    ["paid", "subscription_create", 2500],
  ]);
  expect(invoices.data.map(({ created }) => new Date(created * 1000).toISOString().slice(0, 10))).toContain(
    "2021-10-01",
  );
  const charges = await stripe.charges.list({ limit: 100 });
  expect(charges.data).toHaveLength(13);
  expect(charges.data.every((charge) => charge.balance_transaction !== null)).toBe(true);
  expect((await stripe.customers.retrieve(known(subscription.customer))) as Stripe.Customer).toMatchObject({
    next_invoice_sequence: 14,
  });
});

test("the last day of January is followed by the last of February and the last of March", async () => {
  const fake = startSandbox();
  fake.clock.now = new Date("2021-01-31T12:00:00Z");
  const { subscription } = await subscribe(fake);
  const ends: string[] = [];
  for (let month = 0; month < 3; month += 1) {
    const { items } = await fake.stripe.subscriptions.retrieve(subscription.id);
    ends.push(new Date((items.data[0]?.current_period_end ?? 0) * 1000).toISOString().slice(0, 10));
    await fake.sandbox.advance(31 * day);
  }
  expect(ends).toEqual(["2021-02-28", "2021-03-31", "2021-04-30"]);
});

test("a card that is declined later is tried four times, and then the subscription is given up", async () => {
  const fake = startSandbox();
  const { stripe, sandbox, types } = fake;
  const { subscription } = await subscribe(fake, { card: "declines-later" });
  await sandbox.advance(31 * day + 7200);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due");
  const [open] = (await stripe.invoices.list({ subscription: subscription.id, status: "open" })).data;
  expect(open).toMatchObject({ attempt_count: 1, attempted: true, amount_remaining: 2500 });
  expect(open?.next_payment_attempt).toBe((open?.status_transitions.finalized_at ?? 0) + 3 * day);
  await sandbox.advance(20 * day);
  await sandbox.idle();
  const over = await stripe.subscriptions.retrieve(subscription.id);
  expect(over).toMatchObject({ status: "canceled", cancellation_details: { reason: "payment_failed" } });
  expect(await stripe.invoices.retrieve(open?.id ?? "")).toMatchObject({
    attempt_count: 4,
    next_payment_attempt: null,
  });
  expect(types().filter((type) => type === "invoice.payment_failed")).toHaveLength(4);
  expect(types().filter((type) => type === "customer.subscription.deleted")).toHaveLength(1);
  expect((await stripe.charges.list({ limit: 100 })).data.filter(({ status }) => status === "failed")).toHaveLength(4);
});

test("what falls due is done once, however many looks at the clock overlap", async () => {
  const fake = startSandbox();
  const { stripe, sandbox, types } = fake;
  const { subscription } = await subscribe(fake, { card: "declines-later" });
  await Promise.all([sandbox.advance(31 * day + 7200), sandbox.tick(), sandbox.tick()]);
  await sandbox.idle();
  const [open] = (await stripe.invoices.list({ subscription: subscription.id, status: "open" })).data;
  expect(open).toMatchObject({ attempt_count: 1 });
  await Promise.all([sandbox.advance(4 * day), sandbox.tick()]);
  await sandbox.idle();
  expect(await stripe.invoices.retrieve(open?.id ?? "")).toMatchObject({ attempt_count: 2 });
  expect(types().filter((type) => type === "invoice.payment_failed")).toHaveLength(2);
});

test("a new card recovers a failed renewal at the next attempt", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake, { card: "declines-later" });
  await sandbox.advance(31 * day + 7200);
  await sandbox.setCard("alov", subscription.id, "domestic");
  await sandbox.advance(3 * day);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  const { data } = await stripe.invoices.list({ subscription: subscription.id });
  expect(data[0]).toMatchObject({ status: "paid", attempt_count: 2 });
});

test("a declined first payment leaves an open session and no subscription", async () => {
  const { sandbox, stripe } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(monthly(2500));
  const { outcome, session } = await sandbox.pay("alov", id, { ...donor, card: "declined" });
  expect([outcome, session.status, session.subscription]).toEqual(["declined", "open", null]);
  expect((await stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
  expect((await stripe.charges.list()).data.map(({ status }) => status)).toEqual(["failed"]);
  expect((await sandbox.pay("alov", id, donor)).outcome).toBe("paid");
});

test("a subscription is ended at once, or at the end of what is paid for", async () => {
  const fake = startSandbox();
  const { stripe, sandbox, types } = fake;
  const one = await subscribe(fake);
  const two = await subscribe(fake);
  expect((await stripe.subscriptions.cancel(one.subscription.id)).status).toBe("canceled");
  const ending = await stripe.subscriptions.update(two.subscription.id, { cancel_at_period_end: true });
  expect(ending).toMatchObject({ status: "active", cancel_at: ending.items.data[0]?.current_period_end });
  await sandbox.advance(40 * day);
  await sandbox.idle();
  expect(types().filter((type) => type === "customer.subscription.deleted")).toHaveLength(2);
  expect((await stripe.invoices.list()).data).toHaveLength(2);
  expect((await stripe.subscriptions.list()).data).toEqual([]);
  expect((await stripe.subscriptions.list({ status: "canceled" })).data).toHaveLength(2);
});

test.each([
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
  ["keep_as_draft", "draft"],
] as const)("a pause that says %s leaves an invoice %s, and ends on its day", async (behavior, status) => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake);
  const resumes_at = Date.parse("2021-04-15T00:00:00Z") / 1000;
  await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior, resumes_at } });
  await sandbox.advance(65 * day);
  expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull();
  const { data } = await stripe.invoices.list({ subscription: subscription.id });
  expect(data.map((invoice) => invoice.status)).toEqual(["paid", status, "paid"]);
});

test("a higher gift in mid-month is billed with the next one: the rest of the old price back, the rest of the new one due", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake);
  const item = subscription.items.data[0];
  await sandbox.advance(15.5 * day);
  const recurring = { interval: "month" as const };
  const price_data = { currency: "cad", unit_amount: 5000, product: known(item?.price.product), recurring };
  const after = await stripe.subscriptions.update(subscription.id, { items: [{ id: item?.id ?? "", price_data }] });
  expect(after.items.data[0]?.price.unit_amount).toBe(5000);
  await sandbox.advance(16 * day);
  const { data } = await stripe.invoices.list({ subscription: subscription.id });
  expect(data[0]?.lines.data.map(({ amount }) => amount)).toEqual([-1250, 2500, 5000]);
  expect(data[0]).toMatchObject({ total: 6250, status: "paid", billing_reason: "subscription_cycle" });
  const lines = await stripe.invoices.listLineItems(data[0]?.id ?? "");
  expect(lines.data.map(({ amount }) => amount)).toEqual([-1250, 2500, 5000]);
});

test("a plan change may be billed at once, and a lower one leaves a credit that the next invoice uses up", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription, session } = await subscribe(fake);
  const product = known(subscription.items.data[0]?.price.product);
  const changeTo = (unit_amount: number) =>
    stripe.subscriptions.update(subscription.id, {
      items: [{ price_data: { currency: "cad", unit_amount, product, recurring: { interval: "month" } } }],
      proration_behavior: "always_invoice",
    });
  await sandbox.advance(15.5 * day);
  await changeTo(4500);
  const [up] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(up).toMatchObject({ billing_reason: "subscription_update", total: 1000, amount_paid: 1000, status: "paid" });
  await changeTo(2500);
  const [down] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(down).toMatchObject({ total: -1000, amount_due: 0, ending_balance: -1000, status: "paid" });
  expect(await stripe.customers.retrieve(known(session.customer))).toMatchObject({ balance: -1000 });
  await sandbox.advance(16 * day);
  const [next] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(next).toMatchObject({
    total: 2500,
    starting_balance: -1000,
    amount_due: 1500,
    amount_paid: 1500,
    status: "paid",
  });
});

test("an invoice is paid in two parts, by two payments", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake, { card: "declines-later" });
  await sandbox.advance(31 * day + 7200);
  const [open] = (await stripe.invoices.list({ status: "open" })).data;
  const part = await sandbox.payPart("alov", open?.id ?? "", 1000, "foreign");
  expect(part).toMatchObject({ status: "open", amount_paid: 1000, amount_remaining: 1500 });
  await sandbox.setCard("alov", subscription.id, "domestic");
  expect(await stripe.invoices.pay(part.id)).toMatchObject({ status: "paid", amount_paid: 2500, amount_remaining: 0 });
  const payments = await stripe.invoicePayments.list({ invoice: part.id, status: "paid" });
  expect(payments.data.map(({ amount_paid }) => amount_paid)).toEqual(expect.arrayContaining([1000, 1500]));
});

test("an invoice paid out of band is paid, and Stripe has no money of it", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  await subscribe(fake, { card: "declines-later" });
  await sandbox.advance(31 * day + 7200);
  const [open] = (await stripe.invoices.list({ status: "open" })).data;
  await expect(stripe.invoices.pay(open?.id ?? "")).rejects.toMatchObject({ statusCode: 402, code: "card_declined" });
  const paid = await stripe.invoices.pay(open?.id ?? "", { paid_out_of_band: true });
  expect(paid).toMatchObject({ status: "paid", amount_paid: 2500, amount_paid_off_stripe: 2500 });
  expect((await stripe.invoicePayments.list({ invoice: paid.id, status: "paid" })).data).toEqual([]);
  await expect(stripe.invoices.pay(paid.id)).rejects.toThrow("already paid");
});

test("a trial begins with an invoice of nothing, which no money pays", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { session, subscription } = await subscribe(fake, {}, { subscription_data: { trial_period_days: 14 } });
  expect([session.payment_status, subscription.status]).toEqual(["no_payment_required", "trialing"]);
  expect(await stripe.invoices.retrieve(known(session.invoice))).toMatchObject({ total: 0, status: "paid" });
  expect((await stripe.charges.list()).data).toEqual([]);
  await sandbox.advance(15 * day);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  expect((await stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([2500]);
});

test("deleting a customer ends what is paid by itself, and the customer is told of as deleted", async () => {
  const fake = startSandbox();
  const { stripe } = fake;
  const { subscription, session } = await subscribe(fake);
  const id = known(session.customer);
  expect(await stripe.customers.del(id)).toMatchObject({ id, deleted: true });
  expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
  expect((await stripe.customers.list()).data).toEqual([]);
  expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
  const charge = await stripe.charges.list({ customer: id, expand: ["data.customer"] });
  expect(charge.data[0]?.customer).toMatchObject({ deleted: true });
});

test("of a customer that was deleted nothing is tried again, although the next attempt had been planned", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { subscription } = await subscribe(fake, { card: "declines-later" });
  await sandbox.advance(31 * day + 7200);
  await stripe.customers.del(known(subscription.customer));
  await sandbox.advance(20 * day);
  const [open] = (await stripe.invoices.list({ subscription: subscription.id, status: "open" })).data;
  expect(open).toMatchObject({ attempt_count: 1 });
});

test("a subscription made through the API is paid by the customer's own card", async () => {
  const { stripe } = startSandbox();
  const method = { payment_method: "pm_card_visa", invoice_settings: { default_payment_method: "pm_card_visa" } };
  const customer = await stripe.customers.create({ email: donor.email, name: donor.name, ...method });
  const product_data = { name: "Membership" };
  const price = await stripe.prices.create({
    currency: "cad",
    unit_amount: 1000,
    recurring: { interval: "year" },
    product_data,
  });
  const made = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    metadata: { fund: "families" },
  });
  expect(made).toMatchObject({ status: "active", metadata: { fund: "families" } });
  expect((await stripe.charges.list({ customer: customer.id })).data).toMatchObject([
    { amount: 1000, status: "succeeded" },
  ]);
});
