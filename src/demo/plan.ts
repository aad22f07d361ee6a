import type { Order } from "../core/order.ts";
import type { Card, Person } from "./person.ts";

/** Everything that happens in the story, by time. */
export type StoryPlan = { actions: StoryAction[] };

/** One thing that happens. `key` is the same in every run, so that nothing is played twice; `at` is ISO 8601. */
export type StoryAction = { key: string; at: string } & Deed;

export type Deed = Bought | Linked | Refunded | Disputed | Stopped | InCash;

/** Somebody pays for an order of our own give form or shop; one that repeats goes on by itself until it is stopped. */
export type Bought = { kind: "checkout"; order: Order; payer: Person; card: Card };

/** Somebody pays through a link that was made in Stripe's dashboard and knows no fund. */
export type Linked = {
  kind: "link";
  account: string;
  amountMinor: bigint;
  description: string;
  payer: Person;
  card: Card;
};

/** Part or all of the checkout with key `of` goes back. */
export type Refunded = { kind: "refund"; of: string; amountMinor: bigint };

/** The donor's bank takes back all that was paid with the checkout `of`. */
export type Disputed = { kind: "dispute"; of: string };

/** The repeated gift that began with the checkout `of` ends. */
export type Stopped = { kind: "stop"; of: string };

/** Money that was handed over; `payer` is null when nobody knows who gave it. */
export type InCash = {
  kind: "cash";
  fund: string;
  day: string;
  amountMinor: bigint;
  payer: Person | null;
  note: string | null;
};
