import { z } from "zod";
import type { Campaign } from "./campaign.ts";
import type { Fund } from "./fund.ts";
import { normaliseEmail } from "./identity.ts";
import { exponent, parseAmount } from "./money.ts";
import type { Every, Order, Show } from "./order.ts";
import { ourOrder } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { noteLengthMax } from "./refusal.ts";

/** A form's fields as they arrived; a field sent twice keeps its last value. */
export type Fields = Readonly<Record<string, string>>;

/** What a form turned out to be: an order, or everything that was wrong with it. */
export type Submitted = { ok: true; order: Order } | { ok: false; refusals: Refusal[] };

/** Longer than any field may usefully be; what is beyond it is a mistake or an attack and is not kept. */
const textMax = 2000;
// Field by field and never failing: a person's form is refused in words, not by a parser.
const text = z
  .string()
  .catch("")
  .transform((value) => clean(value).slice(0, textMax));

/** What a person typed on both forms, kept to be shown again with a refusal. */
const personFields = {
  email: text,
  /** Whoever did not choose is not shown. */
  show: z.enum(["name", "gift", "nothing"]).catch("nothing"),
  note: text,
  order: text,
};

/** The give form: `amount` is a preset in minor units or "other", `other` the amount typed, `every` how often. */
export const giveFields = z.object({ every: text, amount: text, other: text, ...personFields });
export type GiveTyped = z.infer<typeof giveFields>;

/** Spaces for control characters, among them line breaks: a note is one line, and Stripe refuses some of the rest. */
function clean(value: string): string {
  return value
    .normalize("NFC")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

/** Reads the give form of `fund`. `freshOrder` names the order when the form brought no name of ours. */
export function readGive(fields: Fields, fund: Fund, freshOrder: string): { typed: GiveTyped; submitted: Submitted } {
  const typed = giveFields.parse(fields);
  const person = readPerson(typed, freshOrder);
  const amount = readGift(
    { chosen: typed.amount, typed: typed.other, fields: { chosen: "amount", typed: "other" } },
    fund.presetsMinor,
    fund.currency,
  );
  const every = readEvery(typed.every);
  const refusals = [...(amount.ok ? [] : [amount.refusal]), ...person.refusals];
  if (every === null || (every !== "once" && !fund.lasting))
    refusals.unshift({ field: "every", reason: "not how often" });
  if (fund.account === null) refusals.unshift({ field: "form", reason: "closed" });
  if (fund.account === null || every === null || !amount.ok || refusals.length > 0)
    return { typed, submitted: { ok: false, refusals } };
  const order: Order = {
    ...person.order,
    currency: fund.currency,
    account: fund.account,
    lines: [{ kind: "gift", fund: { slug: fund.slug, name: fund.name }, amountMinor: amount.amountMinor }],
    shippingMinor: null,
    every,
    backPath: `/funds/${fund.slug}`,
  };
  return { typed, submitted: { ok: true, order } };
}

/** A form that does not ask gives once; one that asks for what we do not offer is not taken for something else. */
function readEvery(typed: string): Every | null {
  if (typed === "" || typed === "once") return "once";
  return typed === "month" || typed === "year" ? typed : null;
}

type Person = { order: Pick<Order, "id" | "email" | "show" | "note">; refusals: Refusal[] };

/** Reads what both forms ask of a person. */
export function readPerson(
  typed: { email: string; show: Show; note: string; order: string },
  freshOrder: string,
): Person {
  const refusals: Refusal[] = [];
  const email = typed.email === "" ? null : normaliseEmail(typed.email);
  // Stripe's own check of an address is stricter than ours; zod's is of the same kind and spares the round trip.
  if (typed.email !== "" && (email === null || !z.email().safeParse(email).success))
    refusals.push({ field: "email", reason: "not an e-mail address" });
  if (Array.from(typed.note).length > noteLengthMax) refusals.push({ field: "note", reason: "note too long" });
  const id = ourOrder.test(typed.order) ? typed.order : freshOrder;
  return { order: { id, email, show: typed.show, note: typed.note === "" ? null : typed.note }, refusals };
}

/** Least and most of one online gift in minor units: 1.00 and 100,000.00. */
export function giftLimits(currency: string): { leastMinor: bigint; mostMinor: bigint } {
  const unit = 10n ** BigInt(exponent(currency));
  return { leastMinor: unit, mostMinor: 100_000n * unit };
}

type GiftQuestion = { chosen: string; typed: string; fields: { chosen: string; typed: string } };
type GiftAnswer = { ok: true; amountMinor: bigint } | { ok: false; refusal: Refusal };

/** The amount of a gift from its two fields. A typed amount wins over a chosen one, as the form says. */
export function readGift(
  { chosen, typed, fields }: GiftQuestion,
  presetsMinor: readonly bigint[],
  currency: string,
): GiftAnswer {
  const preset = presetsMinor.find((minor) => String(minor) === chosen);
  if (preset !== undefined && typed === "") return { ok: true, amountMinor: preset };
  const amount = parseAmount(typed, currency);
  if (!amount.ok) return { ok: false, refusal: refuseAmount(amount.reason, chosen, fields, currency) };
  const { leastMinor, mostMinor } = giftLimits(currency);
  if (amount.amountMinor < leastMinor) return refuseLimit(fields.typed, "amount too small", leastMinor, currency);
  if (amount.amountMinor > mostMinor) return refuseLimit(fields.typed, "amount too large", mostMinor, currency);
  return { ok: true, amountMinor: amount.amountMinor };
}

function refuseAmount(
  reason: "empty" | "not a number" | "too many decimals",
  chosen: string,
  fields: GiftQuestion["fields"],
  currency: string,
): Refusal {
  // Whoever chose "other" is missing the typed amount; whoever chose nothing is missing the choice.
  if (reason === "empty") return { field: chosen === "other" ? fields.typed : fields.chosen, reason: "no amount" };
  if (reason === "too many decimals") return { field: fields.typed, reason, currency };
  return { field: fields.typed, reason: "not an amount" };
}

function refuseLimit(
  field: string,
  reason: "amount too small" | "amount too large",
  amountMinor: bigint,
  currency: string,
): GiftAnswer {
  return { ok: false, refusal: { field, reason, limit: { amountMinor, currency } } };
}

/** Whether a campaign sells on this local day (YYYY-MM-DD at its organisation); its first and last day are included. */
export function isOpen(campaign: Pick<Campaign, "startsOn" | "endsOn">, today: string): boolean {
  if (campaign.startsOn !== null && today < campaign.startsOn) return false;
  return campaign.endsOn === null || today <= campaign.endsOn;
}
