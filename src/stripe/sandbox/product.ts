import type Stripe from "stripe";
import { action, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { flag, metadata, text } from "./parameter.ts";
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

export const productEndpoints: Endpoint[] = [
  create,
  retrieval("product", "/v1/products"),
  listing("product", "/v1/products", { active: flag.optional() }),
];
