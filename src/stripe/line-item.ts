import type { LineItemFact, Metadata } from "../core/fact.ts";
import { type Fields, type Origin, TranslateError } from "./field.ts";

/** A line's place in its session, which the line itself does not say; `position` counts from 0. */
export type LinePlace = { session: string; position: number };

/**
 * A session's line as a fact. Product and price may be edited or deleted after the sale, so what they say now is copied.
 * A line whose product was deleted says nothing of it any more, and what we know stays; so Stripe's answer about it counts
 * as no answer, which else would replace what is known.
 */
export function lineItemFact(
  line: Fields,
  { accountId, fetchedAt }: Origin,
  { session, position }: LinePlace,
): LineItemFact {
  const price = line.part("price");
  return {
    kind: "line_item",
    account_id: accountId,
    id: line.id(),
    fetched_at: price !== null && saysNothing(price.part("product")) ? null : fetchedAt,
    session,
    position,
    description: line.optionalText("description"),
    quantity: quantity(line),
    amount_total_minor: line.minor("amount_total"),
    currency: line.currency("currency"),
    price: line.reference("price"),
    product: price?.reference("product") ?? null,
    metadata: metadata(line, price),
  };
}

/** Stripe leaves the quantity null where it cannot be more than one. */
function quantity(line: Fields): number {
  const value = line.raw("quantity") ?? 1;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new TranslateError(`${line.path}.quantity must be a whole number`);
}

/** Whether a product is only an id, or was deleted. */
function saysNothing(product: Fields | null): boolean {
  return product === null || product.raw("deleted") === true;
}

/** What product, price and line say together; the nearer one wins. A product that is only an id says nothing. */
function metadata(line: Fields, price: Fields | null): Metadata {
  return { ...price?.part("product")?.metadata(), ...price?.metadata(), ...line.metadata() };
}
