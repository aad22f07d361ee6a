import type Stripe from "stripe";
import { z } from "zod";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { badRequest } from "./error.ts";
import { balanceOf } from "./balance.ts";
import { amountMax, currency, integer, metadata } from "./parameter.ts";
import { payOutByHand } from "./payout.ts";

const path = "/v1/payouts";

const createShape = {
  amount: integer.refine((value) => value >= 1 && value <= amountMax, "Invalid positive integer"),
  currency,
  metadata: metadata.optional(),
  method: z.enum(["standard", "instant"]).optional(),
} satisfies Partial<Record<keyof Stripe.PayoutCreateParams, unknown>>;

const create = action(path, createShape, async (scope, given) => {
  const { available } = await balanceOf(scope);
  const there = available.find((one) => one.currency === given.currency)?.amount ?? 0;
  if (there < given.amount)
    throw badRequest({ code: "balance_insufficient", message: "You have insufficient funds in your Stripe account." });
  return await payOutByHand(scope, given);
});

export const payoutEndpoints: Endpoint[] = [
  create,
  retrieval("payout", path),
  listing("payout", path, filters("status")),
];
