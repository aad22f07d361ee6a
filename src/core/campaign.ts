import type { ShownPicture } from "./picture.ts";

/** A campaign that sells merchandise for a fund, as its shop page shows it. */
export type Campaign = {
  slug: string;
  name: string;
  kind: "merchandise";
  /** Markdown. */
  description: string;
  fund: { slug: string; name: string };
  currency: string;
  /** Slug of the account that is paid. */
  account: string;
  startsOn: string | null;
  endsOn: string | null;
  /** Flat shipping an order, or null when nothing is shipped. */
  shippingMinor: bigint | null;
  /** The promise's wording as buyers read it. */
  promise: string | null;
  items: Item[];
  remark: string | null;
  picture: ShownPicture | null;
};

/** A thing for sale, in one or more variants (size, colour); an item without choices has one variant, named "". */
export type Item = {
  slug: string;
  name: string;
  description: string;
  picture: ShownPicture | null;
  variants: Variant[];
};
export type Variant = {
  slug: string;
  name: string;
  priceMinor: bigint;
  /** How many there are to be had; null for as many as anybody wants. */
  left: bigint | null;
};
