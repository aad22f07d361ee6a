import Stripe from "stripe";
import { expect, test } from "vitest";
import { stripeClient } from "../../../src/stripe/client.ts";
import { donor, gift, known, startSandbox } from "./fake.ts";

test("what another account has is not there", async () => {
  const { sandbox, stripe, other } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  const { session } = await sandbox.pay("alov", id, donor);
  const customer = await stripe.customers.create({ email: donor.email });
  await expect(other.checkout.sessions.retrieve(id)).rejects.toMatchObject({
    code: "resource_missing",
    statusCode: 404,
  });
  await expect(other.paymentIntents.retrieve(known(session.payment_intent))).rejects.toThrow("No such payment_intent");
  await expect(other.checkout.sessions.create(gift(100, { customer: customer.id }))).rejects.toMatchObject({
    param: "customer",
  });
  await expect(sandbox.pay("acmc-toronto", id, donor)).rejects.toThrow("No such checkout.session");
  expect((await other.charges.list()).data).toEqual([]);
  expect((await other.events.list()).data).toEqual([]);
});

test("a wrong key is refused with 401, whoever it names", async () => {
  const { sandbox } = startSandbox();
  for (const key of ["sk_test_sandbox_nobody", "sk_test_something", "sk_test_sandbox_"]) {
    const stranger = stripeClient({ key, fetch: sandbox.fetch });
    await expect(stranger.charges.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  }
  const bare = await sandbox.app.request("/v1/charges");
  expect(bare.status).toBe(401);
});

test.each<[string, object, object]>([
  ["an unknown parameter", { colour: "red" }, { code: "parameter_unknown", param: "colour" }],
  [
    "one inside",
    { payment_intent_data: { colour: "red" } },
    { code: "parameter_unknown", param: "payment_intent_data[colour]" },
  ],
  ["payment_method_types", { payment_method_types: ["card"] }, { code: "payment_method_types_no_longer_supported" }],
  ["no lines", { line_items: undefined }, { code: "parameter_missing", param: "line_items" }],
  ["no success address", { success_url: undefined }, { code: "parameter_missing", param: "success_url" }],
  ["an address of no web page", { success_url: "javascript:alert(1)" }, { param: "success_url" }],
  ["an unknown price", { line_items: [{ price: "price_none", quantity: 1 }] }, { code: "resource_missing" }],
  ["a line without a price", { line_items: [{ quantity: 1 }] }, { param: "line_items[0]" }],
  ["less than 50 cents", gift(49), { code: "amount_too_small" }],
  ["too long metadata", { metadata: { note: "x".repeat(501) } }, { param: "metadata[note]" }],
  ["two currencies", { line_items: [...lines("cad"), ...lines("usd")] }, { param: "line_items" }],
  ["a currency without a rate", { line_items: lines("xxx") }, { param: "line_items[0][price_data][currency]" }],
  ["part of a cent", gift(49.5), { param: "line_items[0][price_data][unit_amount]" }],
])("%s is a 400 that says so", async (_, change, expected) => {
  const { stripe } = startSandbox();
  const parameters: Stripe.Checkout.SessionCreateParams = { ...gift(2500), ...change };
  const refused = await stripe.checkout.sessions.create(parameters).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  expect(refused).toMatchObject(expected);
});

function lines(currency: string): Stripe.Checkout.SessionCreateParams.LineItem[] {
  return [{ quantity: 1, price_data: { currency, unit_amount: 500, product_data: { name: "Pin" } } }];
}

test("an address the sandbox does not play is a 404, and so is an unknown object", async () => {
  const { stripe } = startSandbox();
  await expect(stripe.topups.list()).rejects.toThrow("Unrecognized request URL (GET: /v1/topups).");
  await expect(stripe.charges.retrieve("ch_none")).rejects.toMatchObject({
    statusCode: 404,
    code: "resource_missing",
    param: "id",
    message: "No such charge: 'ch_none'",
  });
});

test("another API version is refused, for the sandbox speaks only the pinned one", async () => {
  const { stripe } = startSandbox();
  await expect(stripe.charges.list({}, { apiVersion: "2020-08-27" })).rejects.toThrow("Invalid Stripe API version");
});

test("a limit beyond 100 and two cursors are refused", async () => {
  const { stripe } = startSandbox();
  await expect(stripe.charges.list({ limit: 101 })).rejects.toMatchObject({ param: "limit" });
  await expect(stripe.charges.list({ starting_after: "a", ending_before: "b" })).rejects.toThrow("only specify one");
  await expect(stripe.charges.list({ starting_after: "ch_none" })).rejects.toMatchObject({ param: "starting_after" });
});
