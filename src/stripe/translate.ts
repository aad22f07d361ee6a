import { isListenedTo } from "../core/event.ts";
import { isFetchKind, type Fact, type FetchKind, type FetchedFact, type WantedFact } from "../core/fact.ts";
import { balanceFacts } from "./balance.ts";
import { balanceTransactionFact } from "./balance-transaction.ts";
import { chargeFact } from "./charge.ts";
import { checkoutSessionFact } from "./checkout-session.ts";
import { customerFact } from "./customer.ts";
import { disputeFact, disputeMoneyFacts } from "./dispute.ts";
import { Fields, isObject, type Origin, TranslateError } from "./field.ts";
import { invoicePaymentFact } from "./invoice-payment.ts";
import { invoiceFact, isOldInvoice } from "./invoice.ts";
import { lineItemFact } from "./line-item.ts";
import { paymentIntentFact } from "./payment-intent.ts";
import { payoutFact, payoutMemberFacts } from "./payout.ts";
import { refundFact } from "./refund.ts";
import { subscriptionFact } from "./subscription.ts";

/** What an inbox row says: facts to merge, or that it is kept without being read, and why. */
export type Translation = { facts: Fact[]; mark: null } | { facts: []; mark: "type not listened to" | "thin event" };

type Read = {
  /** The name of its fact, by which it can also be asked for. */
  kind: Exclude<FetchKind, "line_items" | "session_of_payment" | "payout_members">;
  fact: (object: Fields, origin: Origin) => Fact;
};

/** The objects that we read, by Stripe's name for them. */
const reads: Readonly<Record<string, Read>> = {
  charge: { kind: "charge", fact: chargeFact },
  payment_intent: { kind: "payment_intent", fact: paymentIntentFact },
  "checkout.session": { kind: "checkout_session", fact: checkoutSessionFact },
  refund: { kind: "refund", fact: refundFact },
  balance_transaction: { kind: "balance_transaction", fact: balanceTransactionFact },
  customer: { kind: "customer", fact: customerFact },
  invoice: { kind: "invoice", fact: invoiceFact },
  invoice_payment: { kind: "invoice_payment", fact: invoicePaymentFact },
  subscription: { kind: "subscription", fact: subscriptionFact },
  dispute: { kind: "dispute", fact: disputeFact },
  payout: { kind: "payout", fact: payoutFact },
};

/** Fields in which Stripe puts another object, whole, in place of its id when asked to expand it. */
const expandable = [
  "balance_transaction",
  "failure_balance_transaction",
  "payment_intent",
  "latest_charge",
  "charge",
  "customer",
  "source",
  "invoice",
  "latest_invoice",
  "subscription",
  "dispute",
];

/** Lists that Stripe includes in an object when asked to; a payment intent had its charges so before the version 2022-11-15. */
const included = ["refunds", "charges", "payments"];

/** Stripe expands at most four levels deep. Source: https://docs.stripe.com/expand */
const depthMax = 4;

/**
 * Reads the body of an inbox row into facts.
 * @throws TranslateError when it cannot be read; it never will be, so trying again is of no use.
 */
export function translateBody(text: string, source: "webhook" | "fetch" | "sweep", accountId: string): Translation {
  const body = parse(text);
  if (source === "fetch") return { facts: fetchFacts(new Fields(body, "body"), accountId), mark: null };
  const event = new Fields(body, "event");
  if (source === "sweep" && event.raw("object") === "sweep") return { facts: sweptFacts(event, accountId), mark: null };
  const type = event.text("type");
  if (!isListenedTo(type)) return { facts: [], mark: "type not listened to" };
  if (event.raw("object") === "v2.core.event") return translateThin(event, accountId);
  const object = new Fields(new Fields(event.raw("data"), "data").raw("object"), "data.object");
  // The event still tells of the customer as it was; only when asked does Stripe say that it is gone.
  if (type === "customer.deleted") return { facts: [wanted("customer", object.id(), accountId)], mark: null };
  const facts = eventFacts(object, accountId);
  return {
    facts: tellsMembers(type) ? [...facts, wanted("payout_members", object.id(), accountId)] : facts,
    mark: null,
  };
}

/** Only now does Stripe say what is in a payout, and only when asked. */
function tellsMembers(type: string): boolean {
  return type.replace(/^v1\./u, "") === "payout.reconciliation_completed";
}

/** A thin event only names its object: that has to be asked for. */
function translateThin(event: Fields, accountId: string): Translation {
  const object = event.part("related_object");
  const read = readOf(object?.raw("type"));
  const id = object?.reference("id") ?? null;
  if (read === null || id === null) return { facts: [], mark: "thin event" };
  const asked: FetchKind[] = tellsMembers(event.text("type")) ? [read.kind, "payout_members"] : [read.kind];
  return { facts: asked.map((what) => wanted(what, id, accountId)), mark: null };
}

function eventFacts(object: Fields, accountId: string): Fact[] {
  const facts = objectFacts(object, { accountId, fetchedAt: null });
  return isOldInvoice(object) ? [...facts, wanted("invoice", object.id(), accountId)] : facts;
}

function wanted(what: FetchKind, id: string, accountId: string): WantedFact {
  return { kind: "wanted", account_id: accountId, id, fetched_at: null, what };
}

/**
 * The fact of one Stripe object, followed by those of the objects expanded or included in it.
 * @throws TranslateError when it is no object that we read, or something essential in it is wrong.
 */
export function objectFacts(object: Fields, origin: Origin, depth = 0): Fact[] {
  const name = object.text("object");
  const read = readOf(name);
  if (read === null) throw new TranslateError(`${object.path} is a ${name}, which is not read`);
  return [read.fact(object, origin), ...(depth < depthMax ? insideFacts(object, origin, depth + 1) : [])];
}

function insideFacts(object: Fields, origin: Origin, depth: number): Fact[] {
  // An invoice payment names its payment one level down.
  const holders = [object, object.part("payment")].filter((holder) => holder !== null);
  const expanded = holders.flatMap((holder) => expandable.flatMap((name) => holder.part(name) ?? []));
  const parts = [...expanded, ...included.flatMap((name) => object.list(name))];
  const facts = parts.flatMap((part) => (readOf(part.raw("object")) === null ? [] : objectFacts(part, origin, depth)));
  const kind = object.raw("object");
  if (kind === "checkout.session") return [...facts, ...lineFacts(object.list("line_items"), origin, object.id())];
  return kind === "dispute" ? [...facts, ...disputeMoneyFacts(object, origin)] : facts;
}

function lineFacts(lines: Fields[], origin: Origin, session: string): Fact[] {
  return lines.map((line, position) => lineItemFact(line, origin, { session, position }));
}

function readOf(name: unknown): Read | null {
  return typeof name === "string" && Object.hasOwn(reads, name) ? (reads[name] ?? null) : null;
}

/** An answer of Stripe as the fetch job stored it: the facts of all it found, and that there is no more. */
function fetchFacts(body: Fields, accountId: string): Fact[] {
  const what = body.raw("kind");
  if (!isFetchKind(what)) throw new TranslateError("body.kind must be what was asked of Stripe");
  if (!Array.isArray(body.raw("data"))) throw new TranslateError("body.data must be a list");
  const id = body.id();
  const origin = { accountId, fetchedAt: body.text("started_at") };
  const objects = body.list("data");
  const facts = answerFacts(what, id, objects, origin);
  const fetched: FetchedFact = {
    kind: "fetched",
    account_id: accountId,
    id,
    fetched_at: origin.fetchedAt,
    what,
    found: objects.length,
  };
  return [...facts, fetched];
}

function answerFacts(what: FetchKind, id: string, objects: Fields[], origin: Origin): Fact[] {
  if (what === "line_items") return lineFacts(objects, origin, id);
  const facts = objects.flatMap((object) => objectFacts(object, origin));
  return what === "payout_members" ? [...facts, ...payoutMemberFacts(objects, origin, id)] : facts;
}

/** What the sweep stored of a list, or of the balance. */
function sweptFacts(body: Fields, accountId: string): Fact[] {
  const origin = { accountId, fetchedAt: body.text("started_at") };
  return body.list("data").flatMap((object) => listedFacts(object, origin));
}

/**
 * The facts of an object that Stripe listed, or of the balance.
 * @throws TranslateError as `objectFacts` does
 */
export function listedFacts(object: Fields, origin: Origin): Fact[] {
  return object.raw("object") === "balance" ? balanceFacts(object, origin) : objectFacts(object, origin);
}

function parse(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    throw new TranslateError("the body is not JSON");
  }
  throw new TranslateError("the body must be an object");
}
