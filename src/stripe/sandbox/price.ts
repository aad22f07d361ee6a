import Stripe from "stripe";
import { z } from "zod";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { amount, currency, flag, integer, metadata, text } from "./parameter.ts";
import { product, productShape } from "./product.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";

type Given = {
  active: boolean;
  currency: string;
  unit_amount: number;
  product: string;
  metadata?: Stripe.Metadata | undefined;
  nickname?: string | undefined;
  recurring?: z.output<typeof recurring> | undefined;
};

const recurring = z.strictObject({
  interval: z.enum(["day", "week", "month", "year"]),
  interval_count: integer.optional(),
});

/** A price a unit, once or every so often. */
export function price(scope: Scope, given: Given): Stripe.Price {
  return {
    id: scope.id("price"),
    object: "price",
    active: given.active,
    billing_scheme: "per_unit",
    created: scope.now,
    currency: given.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: given.metadata ?? {},
    nickname: given.nickname ?? null,
    product: given.product,
    recurring:
      given.recurring === undefined
        ? null
        : {
            interval: given.recurring.interval,
            interval_count: given.recurring.interval_count ?? 1,
            meter: null,
            trial_period_days: null,
            usage_type: "licensed",
          },
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring === undefined ? "one_time" : "recurring",
    unit_amount: given.unit_amount,
    unit_amount_decimal: Stripe.Decimal.from(given.unit_amount),
  };
}

/** `price_data` of a line: a price made on the spot, of a known product or of one made with it. */
export const priceData = z.strictObject({
  currency,
  unit_amount: amount,
  product: text(255).optional(),
  product_data: z.strictObject(productShape).optional(),
  recurring: recurring.optional(),
});

const createShape = {
  currency,
  unit_amount: amount,
  active: flag.optional(),
  nickname: text(5000).optional(),
  metadata: metadata.optional(),
  product: text(255).optional(),
  product_data: z.strictObject(productShape).optional(),
  recurring: recurring.optional(),
} satisfies Partial<Record<keyof Stripe.PriceCreateParams, unknown>>;

const create = action("/v1/prices", createShape, async (scope, given) => {
  const change = emptyChange();
  const of = given.product_data === undefined ? null : product(scope, { ...given.product_data, active: true });
  if (of === null && given.product === undefined) {
    throw badRequest({ code: "parameter_missing", message: "Missing required param: product.", param: "product" });
  }
  if (of !== null) put(change, scope.account, of);
  const id = of?.id ?? (await need(scope, "product", given.product ?? "", "product")).id;
  const made = price(scope, { ...given, active: given.active ?? true, product: id });
  put(change, scope.account, made);
  await scope.save(change, made);
  return made;
});

export const priceEndpoints: Endpoint[] = [
  create,
  retrieval("price", "/v1/prices"),
  // Stripe lists active prices unless asked otherwise, so never those made on the spot.
  listing("price", "/v1/prices", { ...filters("product", "currency", "type"), active: flag.optional() }, (asked) => ({
    filters: { ...asked, active: asked.active ?? true },
  })),
];
