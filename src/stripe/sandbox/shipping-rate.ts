import type Stripe from "stripe";
import { z } from "zod";
import { amount, currency, metadata, text } from "./parameter.ts";
import type { Scope } from "./scope.ts";

/** A rate made on the spot for one session, as in `shipping_options[0][shipping_rate_data]`. */
export const shippingRateData = z.strictObject({
  display_name: text(100),
  type: z.literal("fixed_amount").optional(),
  fixed_amount: z.strictObject({ amount, currency }),
  metadata: metadata.optional(),
});

export function shippingRate(scope: Scope, given: z.output<typeof shippingRateData>): Stripe.ShippingRate {
  return {
    id: scope.id("shr"),
    object: "shipping_rate",
    active: true,
    created: scope.now,
    delivery_estimate: null,
    display_name: given.display_name,
    fixed_amount: given.fixed_amount,
    livemode: false,
    metadata: given.metadata ?? {},
    tax_behavior: "unspecified",
    tax_code: null,
    type: "fixed_amount",
  };
}
