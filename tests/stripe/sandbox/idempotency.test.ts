import Stripe from "stripe";
import { expect, test } from "vitest";
import { gift, startSandbox } from "./fake.ts";

const idempotencyKey = "order-1";

test("the same key and parameters are answered with the first answer", async () => {
  const { stripe } = startSandbox();
  const first = await stripe.checkout.sessions.create(gift(2500), { idempotencyKey });
  const again = await stripe.checkout.sessions.create(gift(2500), { idempotencyKey });
  expect(again).toEqual(first);
  // Through fetch the SDK hands over the response as it is, whatever its type says of the headers.
  expect((again.lastResponse.headers as unknown as Headers).get("idempotent-replayed")).toBe("true");
  expect((await stripe.checkout.sessions.list()).data).toHaveLength(1);
});

test("the same key with other parameters is refused", async () => {
  const { stripe } = startSandbox();
  await stripe.checkout.sessions.create(gift(2500), { idempotencyKey });
  const other = stripe.checkout.sessions.create(gift(2600), { idempotencyKey });
  await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  await expect(stripe.products.create({ name: "Pin" }, { idempotencyKey })).rejects.toMatchObject({ statusCode: 400 });
});

test("the same key twice at once makes one object", async () => {
  const { stripe } = startSandbox();
  const both = await Promise.all(
    [1, 2].map(() => stripe.customers.create({ email: "a@example.org" }, { idempotencyKey })),
  );
  expect(both[0]?.id).toBe(both[1]?.id);
});

test("a refused request stores nothing, so it may be sent again", async () => {
  const { stripe } = startSandbox();
  await expect(stripe.refunds.create({ charge: "ch_none" }, { idempotencyKey })).rejects.toMatchObject({
    statusCode: 404,
  });
  expect(await stripe.customers.create({ email: "a@example.org" }, { idempotencyKey })).toMatchObject({
    object: "customer",
  });
});

test("a key is forgotten after a day, and is another account's own", async () => {
  const { stripe, other, pass } = startSandbox();
  const first = await stripe.customers.create({ name: "A" }, { idempotencyKey });
  expect((await other.customers.create({ name: "B" }, { idempotencyKey })).name).toBe("B");
  pass(86_401);
  const later = await stripe.customers.create({ name: "A" }, { idempotencyKey });
  expect(later.id).not.toBe(first.id);
});
