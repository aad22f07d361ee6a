import type Stripe from "stripe";
import { action, deletion, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put, remove } from "./entry.ts";
import { badRequest } from "./error.ts";
import { listed } from "./list.ts";
import { flag, mergedMetadata, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";

type Given = {
  name: string;
  active: boolean;
  description?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
};

export function product(scope: Scope, given: Given): Stripe.Product {
  return {
    id: scope.id("prod"),
    object: "product",
    active: given.active,
    created: scope.now,
    default_price: null,
    description: given.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: given.metadata ?? {},
    name: given.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: scope.now,
    url: null,
  };
}

/** What a product may be made of, alone or inside `price_data`. */
export const productShape = {
  name: text(5000),
  description: text(40_000).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.ProductCreateParams, unknown>>;

const create = action(
  "/v1/products",
  { ...productShape, active: flag.optional() },
  async (scope, { active = true, ...given }) => {
    const made = product(scope, { ...given, active });
    const change = emptyChange();
    put(change, scope.account, made);
    await scope.save(change, made);
    return made;
  },
);

const updateShape = {
  active: flag.optional(),
  name: text(5000).optional(),
  description: text(40_000).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.ProductUpdateParams, unknown>>;

const update = action("/v1/products/:id", updateShape, async (scope, given, id) => {
  const known = await need(scope, "product", id);
  const after: Stripe.Product = {
    ...known,
    active: given.active ?? known.active,
    name: given.name ?? known.name,
    description: given.description ?? known.description,
    metadata: given.metadata === undefined ? known.metadata : mergedMetadata(known.metadata, given.metadata),
    updated: scope.now,
  };
  const change = emptyChange();
  put(change, scope.account, after);
  await scope.save(change, after);
  return after;
});

/** @throws Refusal while the product has a price, as Stripe does; prices themselves are never deleted. */
const del = deletion("/v1/products/:id", {}, async (scope, _, id) => {
  const known = await need(scope, "product", id);
  const prices = await listed(scope, "/v1/prices", { kind: "price", filters: { product: id }, limit: 1 });
  if (prices.data.length > 0)
    throw badRequest({ message: "This product cannot be deleted because it has one or more user-created prices." });
  const change = emptyChange();
  remove(change, scope.account, known);
  await scope.save(change);
  return { id, object: known.object, deleted: true };
});

export const productEndpoints: Endpoint[] = [
  create,
  update,
  del,
  retrieval("product", "/v1/products"),
  listing("product", "/v1/products", { active: flag.optional() }),
];
