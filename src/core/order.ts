import type { Fund } from "./fund.ts";
import type { Campaign, Item, Variant } from "./campaign.ts";

/**
 * What a person asked to pay for on one of our own forms, on its way to Stripe Checkout. It is not kept: what counts is
 * the session and its lines as Stripe reports them.
 */
export type Order = {
  /** `alm_` and a random part; written to `metadata.order` of session, payment intent and so the charge. */
  id: string;
  currency: string;
  account: string;
  lines: OrderLine[];
  shippingMinor: bigint | null;
  email: string | null;
  /** What may be shown under "Recent gifts": the gift with the donor's name, the gift without it, or nothing. */
  show: Show;
  note: string | null;
  /** How often the gift repeats; only an order of one gift and nothing else may. */
  every: Every;
  /** Where the buyer returns without having paid, a path such as `/funds/families`. */
  backPath: string;
};

export type Show = "name" | "gift" | "nothing";

export type Every = "once" | "month" | "year";

export type OrderLine =
  | { kind: "gift"; fund: Pick<Fund, "slug" | "name">; amountMinor: bigint }
  | {
      kind: "sale";
      campaign: Pick<Campaign, "slug">;
      item: Pick<Item, "slug" | "name">;
      variant: Pick<Variant, "slug" | "name" | "priceMinor">;
      quantity: number;
    };

/** Orders of our own Checkout, told from other tools' `metadata.order`. The database's `order_is_ours` is its twin. */
export const ourOrder = /^alm_[0-9a-z]{16,40}$/u;
