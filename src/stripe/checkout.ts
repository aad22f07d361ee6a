import Stripe from "stripe";
import type { Order, OrderLine } from "../core/order.ts";
import { ourOrder } from "../core/order.ts";

/** What became of asking Stripe for a page to pay on. Whatever is not listed throws: it is a fault of ours. */
export type CheckoutAnswer =
  | { ok: true; sessionId: string; url: string }
  /** Stripe cannot be reached, is overloaded or failing, or our key is not taken: to try again later. */
  | { ok: false; reason: "away"; detail: string }
  /** Stripe's stricter check refused the e-mail address. */
  | { ok: false; reason: "e-mail refused" };

/** Countries goods are sent to. */
const shipsTo: ("CA" | "US")[] = ["CA", "US"];

/** How long a person waits for Stripe before we say that it is away: this, and once more for a retry by the SDK. */
const answerWithinMs = 6_000;

/**
 * Makes the Stripe Checkout session in which `order` is paid.
 *
 * Sending the same form twice (a double click, a reload) gives the same session: the idempotency key is made of the
 * order and everything asked. It changes with the UTC day, because a session ends after 24 hours and Stripe would go on
 * answering with one that has ended.
 */
export async function createCheckout(
  stripe: Stripe,
  order: Order,
  { baseUrl, now }: { baseUrl: string; now: () => Date },
): Promise<CheckoutAnswer> {
  const params = checkoutParams(order, baseUrl);
  const idempotencyKey = `${order.id}-${await digest(JSON.stringify([params, now().toISOString().slice(0, 10)]))}`;
  try {
    const session = await stripe.checkout.sessions.create(params, {
      idempotencyKey,
      timeout: answerWithinMs,
      maxNetworkRetries: 1,
    });
    if (session.url === null) return { ok: false, reason: "away", detail: "session without an address" };
    return { ok: true, sessionId: session.id, url: session.url };
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): CheckoutAnswer {
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.param === "customer_email")
    return { ok: false, reason: "e-mail refused" };
  if (isAway(error)) return { ok: false, reason: "away", detail: error.type };
  throw error;
}

/** The session of this id, or null when this account has none. */
export async function retrieveCheckout(stripe: Stripe, sessionId: string): Promise<Stripe.Checkout.Session | null> {
  try {
    return await stripe.checkout.sessions.retrieve(sessionId, {}, { timeout: answerWithinMs, maxNetworkRetries: 0 });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return null;
    throw error;
  }
}

/** Whether Stripe could not be asked, or did not let us: not the fault of what was asked. */
export function isAway(error: unknown): error is Stripe.errors.StripeError {
  const { errors } = Stripe;
  return (
    error instanceof errors.StripeConnectionError ||
    error instanceof errors.StripeAPIError ||
    error instanceof errors.StripeRateLimitError ||
    error instanceof errors.StripeAuthenticationError ||
    error instanceof errors.StripePermissionError
  );
}

type Params = Stripe.Checkout.SessionCreateParams;
type LineItem = Stripe.Checkout.SessionCreateParams.LineItem;

/** What is asked of Stripe for an order; the facts of the payment are read from what is written here. */
export function checkoutParams(order: Order, baseUrl: string): Params {
  if (!ourOrder.test(order.id)) throw new Error(`${order.id} is not the name of an order of ours`);
  const gift = order.lines.find((line) => line.kind === "gift");
  const sale = order.lines.find((line) => line.kind === "sale");
  const whereTo = { ...(gift && { fund: gift.fund.slug }), ...(sale && { campaign: sale.campaign.slug }) };
  return {
    ...(order.every === "once" ? paidOnce(order, whereTo) : repeated(order, whereTo)),
    client_reference_id: order.id,
    line_items: order.lines.map((line) => lineParams(line, order)),
    metadata: { order: order.id, show: order.show, ...(order.note !== null && { note: order.note }), ...whereTo },
    ...(order.email !== null && { customer_email: order.email }),
    success_url: `${baseUrl}/thanks/{CHECKOUT_SESSION_ID}`,
    cancel_url: `${baseUrl}${order.backPath}?came-back=1`,
  };
}

type WhereTo = { fund?: string; campaign?: string };

/** Stripe copies a payment intent's metadata onto its charge. */
function paidOnce({ id, lines, shippingMinor, currency }: Order, whereTo: WhereTo): Partial<Params> {
  return {
    mode: "payment",
    submit_type: lines.some((line) => line.kind === "sale") ? "pay" : "donate",
    payment_intent_data: { metadata: { order: id, ...whereTo } },
    ...(shippingMinor === null ? {} : shippingParams(shippingMinor, currency)),
  };
}

/**
 * A payment of a subscription carries no metadata of ours: its invoice does, as a copy of the subscription's.
 * `payment_intent_data` and the button of a donation belong to payments of their own.
 * @throws RangeError for an order that is not one gift and nothing else
 */
function repeated({ id, lines, shippingMinor }: Order, whereTo: WhereTo): Partial<Params> {
  if (lines.length !== 1 || lines[0]?.kind !== "gift" || shippingMinor !== null)
    throw new RangeError(`order ${id} cannot repeat: only a single gift can`);
  return { mode: "subscription", subscription_data: { metadata: { order: id, ...whereTo } } };
}

function lineParams(line: OrderLine, { currency, every }: Pick<Order, "currency" | "every">): LineItem {
  if (line.kind === "gift") {
    const product = { name: `Gift to ${line.fund.name}`, metadata: { kind: "gift", fund: line.fund.slug } };
    return {
      quantity: 1,
      price_data: {
        currency: currency.toLowerCase(),
        unit_amount: toUnits(line.amountMinor),
        product_data: product,
        ...(every !== "once" && { recurring: { interval: every } }),
      },
    };
  }
  const { campaign, item, variant, quantity } = line;
  const product = {
    name: variant.name === "" ? item.name : `${item.name}, ${variant.name}`,
    metadata: { kind: "sale", campaign: campaign.slug, item: item.slug, variant: variant.slug },
  };
  return {
    quantity,
    price_data: { currency: currency.toLowerCase(), unit_amount: toUnits(variant.priceMinor), product_data: product },
  };
}

function shippingParams(shippingMinor: bigint, currency: string): Partial<Params> {
  const rate = {
    type: "fixed_amount" as const,
    display_name: "Shipping",
    fixed_amount: { amount: toUnits(shippingMinor), currency: currency.toLowerCase() },
  };
  return {
    shipping_options: [{ shipping_rate_data: rate }],
    shipping_address_collection: { allowed_countries: shipsTo },
  };
}

/** Stripe's SDK takes amounts as numbers. @throws RangeError rather than rounding. */
function toUnits(amountMinor: bigint): number {
  const units = Number(amountMinor);
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError("an amount cannot be asked of Stripe");
  return units;
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
