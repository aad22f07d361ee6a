import type { FetchKind } from "./fact.ts";

/** Names one thing to ask of Stripe. */
export type FetchName = { accountId: bigint; kind: FetchKind; objectId: string };

/** What could not be booked, or not be asked of Stripe, until a person has it tried again. */
export type DeadLetter = {
  /** The slug of its account. */
  account: string;
  objectId: string | null;
  /** When it was given up; of a question, since when its answer is missing. */
  since: Date;
  /** Why, in the words of whoever refused it. */
  reason: string;
  /** Whether whoever looks may have it tried again. */
  mayReplay: boolean;
} & (
  | { of: "event"; inboxId: bigint; eventId: string; type: string; by: "webhook" | "fetch" | "sweep" }
  | { of: "question"; name: FetchName }
);

/** An account of which nothing is asked for a while, and why. */
export type AccountPause = { accountId: bigint; account: string; until: Date; reason: string };
