import { isListenedTo } from "../core/event.ts";
import { isFetchKind, type Fact, type FetchKind, type FetchedFact } from "../core/fact.ts";
import { balanceTransactionFact } from "./balance-transaction.ts";
import { chargeFact } from "./charge.ts";
import { checkoutSessionFact } from "./checkout-session.ts";
import { customerFact } from "./customer.ts";
import { Fields, isObject, type Origin, TranslateError } from "./field.ts";
import { lineItemFact } from "./line-item.ts";
import { paymentIntentFact } from "./payment-intent.ts";
import { refundFact } from "./refund.ts";

/** What an inbox row says: facts to merge, or that it is kept without being read, and why. */
export type Translation = { facts: Fact[]; mark: null } | { facts: []; mark: "type not listened to" | "thin event" };

const translators: Readonly<Record<string, (object: Fields, origin: Origin) => Fact>> = {
  charge: chargeFact,
  payment_intent: paymentIntentFact,
  "checkout.session": checkoutSessionFact,
  refund: refundFact,
  balance_transaction: balanceTransactionFact,
  customer: customerFact,
};

/** Fields in which Stripe puts another object, whole, in place of its id when asked to expand it. */
const expandable = ["balance_transaction", "payment_intent", "latest_charge", "charge", "customer", "source"];

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
  if (event.raw("object") === "v2.core.event") return { facts: [], mark: "thin event" };
  if (!isListenedTo(event.text("type"))) return { facts: [], mark: "type not listened to" };
  const data = new Fields(event.raw("data"), "data");
  return {
    facts: objectFacts(new Fields(data.raw("object"), "data.object"), { accountId, fetchedAt: null }),
    mark: null,
  };
}

/**
 * The fact of one Stripe object, followed by those of the objects expanded in it.
 * @throws TranslateError when it is no object that we read, or something essential in it is wrong.
 */
export function objectFacts(object: Fields, origin: Origin, depth = 0): Fact[] {
  const kind = object.text("object");
  const translator = Object.hasOwn(translators, kind) ? translators[kind] : undefined;
  if (translator === undefined) throw new TranslateError(`${object.path} is a ${kind}, which is not read`);
  return [translator(object, origin), ...(depth < depthMax ? insideFacts(object, origin, depth + 1) : [])];
}

function insideFacts(object: Fields, origin: Origin, depth: number): Fact[] {
  const expanded = expandable.flatMap((name) => {
    const part = object.part(name);
    return part === null || !isRead(part) ? [] : objectFacts(part, origin, depth);
  });
  const refunds = listed(object, "refunds").flatMap((refund) =>
    isRead(refund) ? objectFacts(refund, origin, depth) : [],
  );
  const lines =
    object.raw("object") === "checkout.session" ? lineFacts(listed(object, "line_items"), origin, object.id()) : [];
  return [...expanded, ...refunds, ...lines];
}

function lineFacts(lines: Fields[], origin: Origin, session: string): Fact[] {
  return lines.map((line, position) => lineItemFact(line, origin, { session, position }));
}

function isRead(object: Fields): boolean {
  const kind = object.raw("object");
  return typeof kind === "string" && Object.hasOwn(translators, kind);
}

/** The objects of a list that Stripe included in another object; none when it was not included. */
function listed(object: Fields, name: string): Fields[] {
  const data = object.part(name)?.raw("data");
  if (!Array.isArray(data)) return [];
  return data.map((item: unknown, index) => new Fields(item, `${object.path}.${name}.data[${index}]`));
}

/** An answer of Stripe as the fetch job stored it: the facts of all it found, and that there is no more. */
function fetchFacts(body: Fields, accountId: string): Fact[] {
  const what = fetchKind(body);
  const id = body.id();
  const origin = { accountId, fetchedAt: body.text("started_at") };
  const data: unknown = body.raw("data");
  if (!Array.isArray(data)) throw new TranslateError("body.data must be a list");
  const objects = data.map((item: unknown, index) => new Fields(item, `body.data[${index}]`));
  const facts =
    what === "line_items" ? lineFacts(objects, origin, id) : objects.flatMap((object) => objectFacts(object, origin));
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

function fetchKind(body: Fields): FetchKind {
  const kind = body.raw("kind");
  if (isFetchKind(kind)) return kind;
  throw new TranslateError("body.kind must be what was asked of Stripe");
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
