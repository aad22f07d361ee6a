import type Stripe from "stripe";
import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import { badRequest } from "./error.ts";
import { listed } from "./list.ts";
import { integer, page, text } from "./parameter.ts";
import { price, priceData } from "./price.ts";
import { product } from "./product.ts";
import { need, needAll } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** `line_items[n]` of a new session: a price by its id or made on the spot, and how many. */
export const lineShape = z.strictObject({
  price: text(255).optional(),
  price_data: priceData.optional(),
  quantity: integer
    .refine((value) => value >= 1 && value <= 999_999, "This value must be between 1 and 999999")
    .optional(),
});
type Given = z.output<typeof lineShape>;

/** A new session's lines, and the prices and products that had to be made for them. */
export type Lines = { items: Stripe.LineItem[]; made: (Stripe.Price | Stripe.Product)[] };

/** @throws Refusal when a line has no price or two, or names one that there is not. */
export async function lineItems(scope: Scope, given: readonly Given[]): Promise<Lines> {
  const ids = given.flatMap((line) => line.price ?? []);
  const known = new Map((await needAll(scope, "price", ids, "line_items[0][price]")).map((found) => [found.id, found]));
  const made: Lines["made"] = [];
  const items = given.map((line, index) => {
    const param = `line_items[${index}]`;
    if ((line.price === undefined) === (line.price_data === undefined)) {
      throw badRequest({ message: "You must specify either `price` or `price_data` when using `line_items`.", param });
    }
    const of = line.price_data === undefined ? null : onTheSpot(scope, line.price_data, param);
    made.push(...(of?.made ?? []));
    const its = of?.price ?? known.get(line.price ?? "");
    if (its === undefined) throw badRequest({ message: `Invalid ${param}[price]`, param });
    return lineItem(scope, its, line.quantity ?? 1, of?.name ?? null);
  });
  return { items: await withNames(scope, items), made };
}

/** Prices and products made for one line are of no use to another, so Stripe archives them at once. */
function onTheSpot(scope: Scope, given: z.output<typeof priceData>, param: string) {
  if ((given.product === undefined) === (given.product_data === undefined)) {
    throw badRequest({
      message: `You must specify either \`product\` or \`product_data\` in ${param}[price_data].`,
      param,
    });
  }
  const its = given.product_data === undefined ? null : product(scope, { ...given.product_data, active: false });
  const made = price(scope, { ...given, active: false, product: its?.id ?? given.product ?? "" });
  return { price: made, name: its?.name ?? null, made: its === null ? [made] : [its, made] };
}

function lineItem(scope: Scope, of: Stripe.Price, quantity: number, name: string | null): Stripe.LineItem {
  const total = (of.unit_amount ?? 0) * quantity;
  return {
    id: scope.id("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: of.currency,
    description: name,
    metadata: {},
    price: of,
    quantity,
  };
}

/** A line is described by its product's name; those of products known before have to be looked up. */
async function withNames(scope: Scope, items: Stripe.LineItem[]): Promise<Stripe.LineItem[]> {
  const ids = items.filter((item) => item.description === null).map((item) => idOf(item.price?.product) ?? "");
  const names = new Map(
    (await needAll(scope, "product", ids, "line_items[0][price_data][product]")).map((found) => [found.id, found.name]),
  );
  return items.map((item) => ({
    ...item,
    description: item.description ?? names.get(idOf(item.price?.product) ?? "") ?? null,
  }));
}

export const lineItemEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/v1/checkout/sessions/:id/line_items",
    schema: z.strictObject(page),
    async run(scope, parameters, id) {
      await need(scope, "checkout.session", id, "session");
      const { expand: _, ...cursor } = parameters as z.output<z.ZodObject<typeof page>>;
      const url = `/v1/checkout/sessions/${id}/line_items`;
      return listed(scope, url, { kind: "item", filters: { session: id }, order: "oldest first", ...cursor });
    },
  },
];
