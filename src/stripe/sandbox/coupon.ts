import type Stripe from "stripe";
import { z } from "zod";
import { action, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { amount, currency, integer, metadata, text } from "./parameter.ts";

const createShape = {
  id: text(200).optional(),
  amount_off: amount.optional(),
  currency: currency.optional(),
  percent_off: z.coerce.number().gt(0).max(100).optional(),
  duration: z.enum(["forever", "once"]).optional(),
  max_redemptions: integer.optional(),
  metadata: metadata.optional(),
  name: text(40).optional(),
} satisfies Partial<Record<keyof Stripe.CouponCreateParams, unknown>>;

const create = action("/v1/coupons", createShape, async (scope, given) => {
  if ((given.amount_off === undefined) === (given.percent_off === undefined))
    throw badRequest({ message: "You must pass either percent_off or amount_off.", param: "percent_off" });
  const made: Stripe.Coupon = {
    id: given.id ?? scope.id("").slice(1, 9),
    object: "coupon",
    amount_off: given.amount_off ?? null,
    created: scope.now,
    currency: given.currency ?? null,
    duration: given.duration ?? "once",
    duration_in_months: null,
    livemode: false,
    max_redemptions: given.max_redemptions ?? null,
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    percent_off: given.percent_off ?? null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  };
  const change = emptyChange();
  put(change, scope.account, made);
  await scope.save(change, made);
  return made;
});

export const couponEndpoints: Endpoint[] = [
  create,
  retrieval("coupon", "/v1/coupons"),
  listing("coupon", "/v1/coupons", {}),
];

/** What a coupon takes off each of these amounts, in minor units: its whole is split in proportion, and no cent is lost. */
export function discountOn(
  { amount_off: off, percent_off: percent }: Stripe.Coupon,
  amounts: readonly number[],
): number[] {
  const total = amounts.reduce((sum, amount) => sum + Math.max(amount, 0), 0);
  const whole = Math.min(total, off ?? Math.round((total * (percent ?? 0)) / 100));
  if (whole === 0) return amounts.map(() => 0);
  const exact = amounts.map((amount) => (Math.max(amount, 0) * whole) / total);
  const parts = exact.map(Math.floor);
  const left = whole - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
