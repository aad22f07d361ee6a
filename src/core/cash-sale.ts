import type { Cash } from "./cash.ts";

/** A sale by hand, ready to be recorded: at a table, at a door. Who bought is stated as with a gift by hand. */
export type CashSale = Pick<Cash, "request" | "day" | "email" | "person" | "name" | "note"> & {
  campaign: string;
  item: string;
  /** Null where the item has one kind only. */
  variant: string | null;
  quantity: bigint;
  /** Null: the price. */
  amountMinor: bigint | null;
};
