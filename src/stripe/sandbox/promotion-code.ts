import type Stripe from "stripe";
import { z } from "zod";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { flag, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";

const createShape = {
  promotion: z.strictObject({ type: z.literal("coupon"), coupon: text(255) }),
  code: text(500).optional(),
  active: flag.optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.PromotionCodeCreateParams, unknown>>;

const create = action("/v1/promotion_codes", createShape, async (scope, given) => {
  const coupon = await need(scope, "coupon", given.promotion.coupon, "promotion[coupon]");
  const made: Stripe.PromotionCode = {
    id: scope.id("promo"),
    object: "promotion_code",
    active: given.active ?? true,
    code: (given.code ?? scope.id("").slice(1, 9)).toUpperCase(),
    created: scope.now,
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: false,
    max_redemptions: null,
    metadata: given.metadata ?? {},
    promotion: { coupon: coupon.id, type: "coupon" },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  };
  const change = emptyChange();
  put(change, scope.account, made);
  await scope.save(change, made);
  return made;
});

export const promotionCodeEndpoints: Endpoint[] = [
  create,
  retrieval("promotion_code", "/v1/promotion_codes"),
  listing("promotion_code", "/v1/promotion_codes", { ...filters("code", "coupon"), active: flag.optional() }),
];
