/**
 * What the Stripe stand-in asks of whoever keeps its state. It is here because the sandbox, which knows what the objects
 * mean, and the database, which keeps them, never meet; `Doc` is any object with Stripe's `id` and `object`.
 */

/** An object on its way into the store. */
export type SandboxEntry<Doc> = {
  account: string;
  id: string;
  /** Stripe's `object`, such as `charge`; `deleted charge` once it is deleted, so that no list finds it. */
  kind: string;
  /** Seconds since 1970 on the sandbox's clock; lists are ordered by it. */
  created: number;
  /** What lists may filter by, as `name:value`, for example `payment_intent:pi_1`. */
  keys: string[];
  doc: Doc;
};

/**
 * What is still to happen to an object on the sandbox's clock: its balance transaction arrives (`settle`), it runs out
 * (`expire`), the bank says how it ended (`clear`), a subscription's period ends (`renew`), an invoice is finalised or
 * tried again (`collect`), a day's funds are paid out (`pay out`), a payout reaches the bank (`arrive`). On the real clock
 * an event is to be posted to the webhook door (`deliver`).
 */
export type SandboxTaskKind = "settle" | "expire" | "clear" | "renew" | "collect" | "pay out" | "arrive" | "deliver";
export type SandboxTaskName = { account: string; kind: SandboxTaskKind; id: string };
export type SandboxTask = SandboxTaskName & { dueAt: Date; tries: number };

/** The answer to a request that carried an idempotency key; `request` is a digest of what was asked. */
export type SandboxAnswer = { account: string; key: string; request: string; body: string; at: Date };

/** What changes together, or not at all. No object and no task is named twice in it. */
export type SandboxChange<Doc> = {
  entries: SandboxEntry<Doc>[];
  tasks: SandboxTask[];
  done: SandboxTaskName[];
  answer: SandboxAnswer | null;
};

/** Seconds since 1970. */
export type SandboxRange = Partial<Record<"gt" | "gte" | "lt" | "lte", number | undefined>>;

export type SandboxQuery = {
  account: string;
  kind: string;
  /** Every one of these keys must be there. */
  keys: string[];
  /** At least one of these must be there, unless the list is empty. */
  anyOf: string[];
  created: SandboxRange;
  /** Only objects that have (`true`) or have not (`false`) a delivery to come; null: both. */
  undelivered: boolean | null;
  /** The id of an existing object: only what comes after it, or before it, in the order of the list. */
  after: string | null;
  before: string | null;
  order: "newest first" | "oldest first";
  limit: number;
};

/** Objects come back as they were saved last, but as JSON makes them: a `Stripe.Decimal` is a string, as on the wire. */
export type SandboxStore<Doc> = {
  /** What the account's webhooks are signed with; `fresh` becomes it when there is none yet. */
  webhookSecret(account: string, fresh: string): Promise<string>;
  /** The objects of `account` with these ids; unknown ids are left out, the order is not promised. */
  find(account: string, ids: readonly string[]): Promise<Doc[]>;
  /** The account that object `id` belongs to, or null. */
  owner(id: string): Promise<string | null>;
  /** Up to `limit` objects in the order of the list (with `before`: those nearest to it). */
  list(query: SandboxQuery): Promise<Doc[]>;
  /** Up to `limit` tasks that are due, the longest due first. */
  due(kinds: readonly SandboxTaskKind[], at: Date, limit: number): Promise<SandboxTask[]>;
  /** Those of `ids` that have a delivery to come. */
  undelivered(account: string, ids: readonly string[]): Promise<string[]>;
  /** The answer given to this idempotency key at or after `since`. */
  answer(account: string, key: string, since: Date): Promise<SandboxAnswer | null>;
  /** Writes all of it in one statement: objects and tasks replace those of the same name. */
  save(change: SandboxChange<Doc>): Promise<void>;
  /** Drops the answers given before `at`. */
  forgetAnswers(at: Date): Promise<void>;
};
