import { z } from "zod";

/**
 * The event types we read for facts, each with its reason. Whatever else arrives is kept and marked, never read.
 * What a type says is only "look at this object": statuses and amounts come from the object, never from the type.
 */
export const listenedTypes: Readonly<Record<string, string>> = {
  "charge.pending": "a delayed method has begun; the payment shows as pending",
  "charge.succeeded": "the money of a payment: amount, currency, day, and who paid",
  "charge.updated": "brings the balance transaction after an asynchronous capture",
  "charge.failed": "a payment that did not happen; it must not stay pending",
  "charge.captured": "an authorised amount was taken, perhaps only a part of it",
  "charge.expired": "an authorisation ran out; nothing was given",
  "charge.refunded": "carries the charge itself, should its own events be lost",
  "charge.refund.updated": "a refund of a method for which refund.updated is not sent",
  "payment_intent.processing": "a delayed method is on its way",
  "payment_intent.succeeded": "names the charge that succeeded and carries our order",
  "payment_intent.payment_failed": "a card was declined; the donor may try again",
  "payment_intent.canceled": "the payment was given up",
  "checkout.session.completed": "what was ordered, by whom, and how it may be shown",
  "checkout.session.async_payment_succeeded": "the order of a delayed method has been paid",
  "checkout.session.async_payment_failed": "the order of a delayed method will not be paid",
  "checkout.session.expired": "the order was left; nothing more will come of it",
  "refund.created": "money went back, or is about to",
  "refund.updated": "a refund has got its balance transaction, or another status",
  "refund.failed": "money that should have gone back stays with the fund",
  "charge.dispute.created": "a bank asks money back; what it took at once comes along",
  "charge.dispute.updated": "where a dispute stands has changed, or it has got evidence",
  "charge.dispute.funds_withdrawn": "money was taken back from a fund",
  "charge.dispute.funds_reinstated": "money that a dispute took has come back",
  "charge.dispute.closed": "how a dispute ended; its last movement may come along",
  "customer.created": "an e-mail for payments that carry none themselves",
  "customer.updated": "an e-mail that was added or changed later",
  "customer.deleted": "a payer who is to be named no longer",
  "customer.subscription.created": "somebody promised to give again and again; says to which fund",
  "customer.subscription.updated": "a promise was confirmed, changed, is to end, or is behind with a payment",
  "customer.subscription.deleted": "a promise has ended; nothing more will come of it",
  "customer.subscription.paused": "a promise rests until the donor has a way to pay",
  "customer.subscription.resumed": "a promise that rested goes on",
  "invoice.finalized": "an instalment is due; its payment will name it",
  "invoice.paid": "an instalment is settled; says to which subscription, and so fund, it belongs",
  "invoice.payment_failed": "an instalment was not paid; says when it is tried again",
  "invoice.updated": "another try was planned, or what an instalment says was corrected",
  "invoice.voided": "an instalment is not asked for any more",
  "invoice.marked_uncollectible": "an instalment was given up",
  "invoice_payment.paid": "links a payment to its invoice, which the payment itself does not say",
  "payout.created": "money is on its way to the bank, or from it",
  "payout.updated": "a payout arrives on another day, or can be traced now",
  "payout.paid": "a payout should be at the bank now; it may still come back",
  "payout.failed": "a payout came back from the bank; its money is in the balance again",
  "payout.canceled": "a payout was called off; its money is in the balance again",
  "payout.reconciliation_completed": "what was in a payout can be asked for now",
};

/** Whether an event of this type is read for facts; thin events of the same have the same types behind `v1.`. */
export function isListenedTo(type: string): boolean {
  return Object.hasOwn(listenedTypes, type.replace(/^v1\./u, ""));
}

/** All types that are read for facts, those of thin events included. */
export function allListenedTypes(): string[] {
  return Object.keys(listenedTypes).flatMap((type) => [type, `v1.${type}`]);
}

/**
 * Why an event is kept but not read for facts: it is of another mode than this database; it names an account that is not
 * the one known for its door; nobody listens to its type; it only names its object, which is none that can be asked for.
 */
export type Mark = "wrong mode" | "other account" | "type not listened to" | "thin event";

/**
 * The mark of an event at the door of a database of `mode`. Whether it is another account's is for the database to say,
 * which alone knows that account now.
 */
export function markOf(event: Envelope, mode: "sandbox" | "test" | "live"): Mark | null {
  if (event.livemode !== (mode === "live")) return "wrong mode";
  return isListenedTo(event.type) ? null : "type not listened to";
}

/** What the outside of an event says, the same for a snapshot (`event`) and a thin event (`v2.core.event`). */
export type Envelope = {
  shape: "snapshot" | "thin";
  id: string;
  type: string;
  livemode: boolean;
  /** ISO 8601, or null when the event does not say. */
  created: string | null;
  apiVersion: string | null;
  /** The event's own `account`, else its `context`; null when it names none, as a normal account's own events do. */
  stripeAccount: string | null;
  /** Id of the object it is about. */
  objectId: string | null;
};

// Every length here becomes part of an index or of a log line. Stripe's own ids are far shorter.
const name = z.string().min(1).max(255);
const optionalName = name.nullish().catch(null);

const snapshot = z.looseObject({
  object: z.literal("event"),
  id: name,
  type: name,
  livemode: z.boolean(),
  created: z.int().min(0).max(253402300799).nullish().catch(null),
  api_version: optionalName,
  account: optionalName,
  context: optionalName,
  data: z
    .object({ object: z.object({ id: optionalName }) })
    .nullish()
    .catch(null),
});

const thin = z.looseObject({
  object: z.literal("v2.core.event"),
  id: name,
  type: name,
  livemode: z.boolean(),
  created: z.iso.datetime({ offset: true }).nullish().catch(null),
  context: optionalName,
  related_object: z.object({ id: optionalName }).nullish().catch(null),
});

const envelope = z.discriminatedUnion("object", [snapshot, thin]);

/** The envelope of a parsed body, or null when the body is no event of Stripe, whoever signed it. */
export function readEnvelope(body: unknown): Envelope | null {
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return null;
  const event = parsed.data;
  const { id, type, livemode } = event;
  if (event.object === "v2.core.event") {
    return {
      shape: "thin",
      id: storable(id),
      type: storable(type),
      livemode,
      created: event.created ?? null,
      apiVersion: null,
      stripeAccount: orNull(event.context),
      objectId: orNull(event.related_object?.id),
    };
  }
  return {
    shape: "snapshot",
    id: storable(id),
    type: storable(type),
    livemode,
    created: typeof event.created === "number" ? new Date(event.created * 1000).toISOString() : null,
    apiVersion: orNull(event.api_version),
    stripeAccount: orNull(event.account ?? event.context),
    objectId: orNull(event.data?.object.id),
  };
}

/**
 * The text as PostgreSQL can hold it: U+0000 and halves of a surrogate pair, which JSON may smuggle in as escapes,
 * become U+FFFD.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

function orNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}
