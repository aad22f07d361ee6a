import { describe, expect, it } from "vitest";
import type { Order } from "../../src/core/order.ts";
import { checkoutParams, createCheckout, retrieveCheckout } from "../../src/stripe/checkout.ts";
import { stripeClient } from "../../src/stripe/client.ts";

const pin = { slug: "pin", name: "Pin" };
const shirt = { slug: "shirt", name: "Shirt" };
const campaign = { slug: "pins" };
const gift: Order["lines"][number] = { kind: "gift", fund: { slug: "families", name: "Families" }, amountMinor: 2500n };
const sales: Order["lines"] = [
  { kind: "sale", campaign, item: pin, variant: { slug: "only", name: "", priceMinor: 500n }, quantity: 2 },
  { kind: "sale", campaign, item: shirt, variant: { slug: "m", name: "M", priceMinor: 2500n }, quantity: 1 },
];
const order: Order = {
  id: "alm_0123456789abcdef01234567",
  currency: "CAD",
  account: "main",
  lines: [gift],
  shippingMinor: null,
  email: null,
  show: "gift",
  note: null,
  every: "once",
  backPath: "/funds/families",
};
const baseUrl = "https://give.example.org";

describe("what Stripe is asked for an order", () => {
  it("of a gift says what it is for in session, payment and line, so that the webhook can tell", () => {
    expect(checkoutParams({ ...order, email: "ann@example.org", note: "Hello" }, baseUrl)).toEqual({
      mode: "payment",
      submit_type: "donate",
      client_reference_id: order.id,
      customer_email: "ann@example.org",
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: "cad",
            unit_amount: 2500,
            product_data: { name: "Gift to Families", metadata: { kind: "gift", fund: "families" } },
          },
        },
      ],
      metadata: { order: order.id, show: "gift", note: "Hello", fund: "families" },
      payment_intent_data: { metadata: { order: order.id, fund: "families" } },
      success_url: `${baseUrl}/thanks/{CHECKOUT_SESSION_ID}`,
      cancel_url: `${baseUrl}/funds/families?came-back=1`,
    });
  });

  it("of goods has a line for each variant, and shipping with an address", () => {
    const params = checkoutParams(
      { ...order, lines: [...sales, gift], shippingMinor: 1200n, backPath: "/campaigns/pins" },
      baseUrl,
    );
    expect(params).toMatchObject({
      submit_type: "pay",
      metadata: { fund: "families", campaign: "pins" },
      shipping_address_collection: { allowed_countries: ["CA", "US"] },
      shipping_options: [{ shipping_rate_data: { fixed_amount: { amount: 1200, currency: "cad" } } }],
    });
    expect(
      params.line_items?.map((line) => [
        line.quantity,
        line.price_data?.product_data?.name,
        line.price_data?.product_data?.metadata,
      ]),
    ).toEqual([
      [2, "Pin", { kind: "sale", campaign: "pins", item: "pin", variant: "only" }],
      [1, "Shirt, M", { kind: "sale", campaign: "pins", item: "shirt", variant: "m" }],
      [1, "Gift to Families", { kind: "gift", fund: "families" }],
    ]);
  });

  it("of a monthly gift names the order and the fund on the subscription, for each payment to come", () => {
    expect(checkoutParams({ ...order, every: "month", email: "ann@example.org", note: "Hello" }, baseUrl)).toEqual({
      mode: "subscription",
      client_reference_id: order.id,
      customer_email: "ann@example.org",
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: "cad",
            unit_amount: 2500,
            product_data: { name: "Gift to Families", metadata: { kind: "gift", fund: "families" } },
            recurring: { interval: "month" },
          },
        },
      ],
      metadata: { order: order.id, show: "gift", note: "Hello", fund: "families" },
      subscription_data: { metadata: { order: order.id, fund: "families" } },
      success_url: `${baseUrl}/thanks/{CHECKOUT_SESSION_ID}`,
      cancel_url: `${baseUrl}/funds/families?came-back=1`,
    });
    expect(checkoutParams({ ...order, every: "year" }, baseUrl).line_items?.[0]?.price_data?.recurring).toEqual({
      interval: "year",
    });
  });

  it.each([
    { lines: sales },
    { lines: [gift, ...sales] },
    { lines: [gift, gift] },
    { lines: [] },
    { shippingMinor: 1200n },
  ])("that repeats and is not one gift alone is never asked for", (changes) => {
    expect(() => checkoutParams({ ...order, every: "month", ...changes }, baseUrl)).toThrow(RangeError);
  });

  it("is refused under a name that is not ours, or for an amount that is no safe number", () => {
    expect(() => checkoutParams({ ...order, id: "42" }, baseUrl)).toThrow("not the name of an order of ours");
    expect(() => checkoutParams({ ...order, lines: [{ ...gift, amountMinor: 2n ** 60n }] }, baseUrl)).toThrow(
      RangeError,
    );
  });
});

type Asked = { key: string | null };

/** A Stripe that always answers the same, and what it was asked. */
function answering(status: number, body: object, asked: Asked[] = []) {
  const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
    asked.push({ key: new Headers(init?.headers).get("idempotency-key") });
    return Response.json(body, { status, headers: { "stripe-should-retry": "false" } });
  };
  return stripeClient({ key: "sk_test_fake", fetch });
}

describe("a Checkout session", () => {
  const at = (day: string) => ({ baseUrl, now: () => new Date(`${day}T12:00:00Z`) });
  const session = { id: "cs_test_1", object: "checkout.session", url: "https://checkout.stripe.com/c/pay/cs_test_1" };

  it("is where the payer is sent", async () => {
    expect(await createCheckout(answering(200, session), order, at("2026-01-01"))).toEqual({
      ok: true,
      sessionId: "cs_test_1",
      url: session.url,
    });
  });

  it("is asked for under the same key only for the same order, the same form and the same day", async () => {
    const asked: Asked[] = [];
    const stripe = answering(200, session, asked);
    await createCheckout(stripe, order, at("2026-01-01"));
    await createCheckout(stripe, { ...order }, at("2026-01-01"));
    await createCheckout(stripe, { ...order, show: "name" }, at("2026-01-01"));
    await createCheckout(stripe, order, at("2026-01-02"));
    const [first, again, otherForm, otherDay] = asked.map(({ key }) => key);
    expect(again).toBe(first);
    expect(new Set([first, otherForm, otherDay]).size).toBe(3);
    expect(first).toContain(order.id);
  });

  it.each([
    [500, { type: "api_error" }],
    [429, { type: "invalid_request_error", code: "rate_limit" }],
    [401, { type: "invalid_request_error" }],
    [403, { type: "invalid_request_error" }],
  ])("cannot be had while Stripe answers %i", async (status, error) => {
    expect(await createCheckout(answering(status, { error }), order, at("2026-01-01"))).toMatchObject({
      ok: false,
      reason: "away",
    });
  });

  it("is not made for an address that Stripe does not take", async () => {
    const error = {
      type: "invalid_request_error",
      param: "customer_email",
      code: "email_invalid",
      message: "Invalid email address: ann",
    };
    expect(await createCheckout(answering(400, { error }), order, at("2026-01-01"))).toEqual({
      ok: false,
      reason: "e-mail refused",
    });
  });

  it("refused for any other reason is a fault of ours and not hidden", async () => {
    const error = { type: "invalid_request_error", param: "line_items", message: "bad" };
    await expect(createCheckout(answering(400, { error }), order, at("2026-01-01"))).rejects.toThrow("bad");
  });

  it("that Stripe does not know is null", async () => {
    const missing = answering(404, { error: { type: "invalid_request_error", code: "resource_missing" } });
    expect(await retrieveCheckout(missing, "cs_test_2")).toBeNull();
    await expect(retrieveCheckout(answering(500, { error: { type: "api_error" } }), "cs_test_2")).rejects.toMatchObject(
      { type: "StripeAPIError" },
    );
  });
});
