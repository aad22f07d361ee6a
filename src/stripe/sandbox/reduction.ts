import type Stripe from "stripe";
import type { Session } from "./checkout-session.ts";
import { discountOn } from "./coupon.ts";
import { idOf } from "./entry.ts";
import { badRequest } from "./error.ts";
import { listed } from "./list.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A coupon, and the promotion code by which a person came to it. */
export type Reduction = { coupon: Stripe.Coupon; promotionCode: string | null };

type Named = { coupon?: string | undefined; promotion_code?: string | undefined };

/** @throws Refusal when there is no such coupon or code, or both are named */
export async function reductionOf(scope: Scope, { coupon, promotion_code: code }: Named): Promise<Reduction> {
  if ((coupon === undefined) === (code === undefined))
    throw badRequest({ message: "You must pass either `coupon` or `promotion_code`.", param: "discounts[0]" });
  if (code === undefined)
    return { coupon: await need(scope, "coupon", coupon ?? "", "discounts[0][coupon]"), promotionCode: null };
  const named = await need(scope, "promotion_code", code, "discounts[0][promotion_code]");
  const id = idOf(named.promotion.coupon) ?? "";
  return { coupon: await need(scope, "coupon", id), promotionCode: named.id };
}

/** What a person typed into the page, or null when no code says that. */
export async function typedReduction(scope: Scope, text: string): Promise<Reduction | null> {
  const query = { kind: "promotion_code", filters: { code: text.toUpperCase(), active: true }, limit: 1 } as const;
  const [found] = (await listed(scope, "/v1/promotion_codes", query)).data;
  return found === undefined ? null : await reductionOf(scope, { promotion_code: found.id });
}

/** A session and its lines with the reduction taken off; shipping costs what it did. */
export function reducedBy(
  { coupon, promotionCode }: Reduction,
  session: Session,
  items: readonly Stripe.LineItem[],
): { session: Session; items: Stripe.LineItem[] } {
  const parts = discountOn(
    coupon,
    items.map((item) => item.amount_subtotal),
  );
  const off = parts.reduce((sum, part) => sum + part, 0);
  const before = session.total_details ?? { amount_discount: 0, amount_shipping: 0, amount_tax: 0 };
  return {
    session: {
      ...session,
      amount_total: (session.amount_subtotal ?? 0) - off + (before.amount_shipping ?? 0),
      discounts: [{ coupon: coupon.id, promotion_code: promotionCode }],
      total_details: { ...before, amount_discount: off },
    },
    items: items.map((item, index) => {
      const discount = parts[index] ?? 0;
      return { ...item, amount_discount: discount, amount_total: item.amount_subtotal - discount };
    }),
  };
}
