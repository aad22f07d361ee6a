import type { Card } from "./card.ts";

export type Shipping = {
  name: string;
  address: { line1: string; line2: string | null; city: string; state: string; postal_code: string; country: string };
};

/** What a person says on the payment page. `shipping` only where the session collects it. */
export type Payer = {
  email: string;
  name: string;
  card: Card;
  shipping: Shipping | null;
  /** The currency, lower case, in which a session with adaptive pricing shows itself to this person. */
  presentment?: string | undefined;
  /** A code that a session which allows it takes something off for. */
  promotionCode?: string | undefined;
};

/** An address for payers who are played and not asked. */
export function madeUpShipping(name: string): Shipping {
  const address = {
    line1: "1 Sandbox Street",
    line2: null,
    city: "Toronto",
    state: "ON",
    postal_code: "M5V 2T6",
    country: "CA",
  };
  return { name, address };
}
