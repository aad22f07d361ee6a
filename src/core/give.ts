import { z } from "zod";
import type { Campaign } from "./campaign.ts";
import type { Fund } from "./fund.ts";
import { normaliseEmail } from "./identity.ts";
import { exponent, parseAmount } from "./money.ts";
import type { Order, Show } from "./order.ts";
import { ourOrder } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { noteLengthMax, refuse } from "./refusal.ts";

/** A form's fields as they arrived; a field sent twice keeps its last value. */
export type Fields = Readonly<Record<string, string>>;

/** What a form turned out to be: an order, or everything that was wrong with it. */
export type Submitted = { ok: true; order: Order } | { ok: false; refusals: Refusal[] };

/** Longer than any field may usefully be; what is beyond it is a mistake or an attack and is not kept. */
const textMax = 2000;
// Field by field and never failing: a person's form is refused in words, not by a parser.
const text = z.string().catch("").transform((value) => clean(value).slice(0, textMax));

/** What a person typed on both forms, kept to be shown again with a refusal. */
const personFields = {
  email: text,
  /** Whoever did not choose is not shown. */
  show: z.enum(["name", "gift", "nothing"]).catch("nothing"),
  note: text,
  order: text,
};

/** The give form: `amount` is a preset in minor units or "other", `other` the amount typed. */
export const giveFields = z.object({ amount: text, other: text, ...personFields });
export type GiveTyped = z.infer<typeof giveFields>;

/** Spaces for control characters, among them line breaks: a note is one line, and Stripe refuses some of the rest. */
function clean(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return value.normalize("NFC").replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, " ").trim();
}

/** Reads the give form of `fund`. `freshOrder` names the order when the form brought no name of ours. */
export function readGive(fields: Fields, fund: Fund, freshOrder: string): { typed: GiveTyped; submitted: Submitted } {
  const typed = giveFields.parse(fields);
  const person = readPerson(typed, freshOrder);
  const amount = readGift({ chosen: typed.amount, typed: typed.other, fields: { chosen: "amount", typed: "other" } }, fund.presetsMinor, fund.currency);
  const refusals = [...(amount.ok ? [] : [amount.refusal]), ...person.refusals];
  if (fund.account === null) refusals.unshift(refuse("order", "closed"));
  if (fund.account === null || !amount.ok || refusals.length > 0) return { typed, submitted: { ok: false, refusals } };
  const order: Order = {
    ...person.order,
    currency: fund.currency,
    account: fund.account,
    lines: [{ kind: "gift", fund: { slug: fund.slug, name: fund.name }, amountMinor: amount.amountMinor }],
    shippingMinor: null,
    backPath: `/funds/${fund.slug}`,
  };
  return { typed, submitted: { ok: true, order } };
}

type Person = { order: Pick<Order, "id" | "email" | "show" | "note">; refusals: Refusal[] };

/** Reads what both forms ask of a person. */
export function readPerson(typed: { email: string; show: Show; note: string; order: string }, freshOrder: string): Person {
  const refusals: Refusal[] = [];
  const email = typed.email === "" ? null : normaliseEmail(typed.email);
  // Stripe's own check of an address is stricter than ours; zod's is of the same kind and spares the round trip.
  if (typed.email !== "" && (email === null || !z.email().safeParse(email).success)) refusals.push(refuse("email", "not an e-mail address"));
  const length = countCharacters(typed.note);
  if (length > noteLengthMax) refusals.push(refuse("note", "note too long", { length }));
  const id = ourOrder.test(typed.order) ? typed.order : freshOrder;
  return { order: { id, email, show: typed.show, note: typed.note === "" ? null : typed.note }, refusals };
}

/** Characters as people count them, so that a family emoji or a letter with an accent is one. */
function countCharacters(value: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(value)) count += 1;
  return count;
}

/** Least and most of one online gift in minor units: 1.00 and 100,000.00. */
export function giftLimits(currency: string): { leastMinor: bigint; mostMinor: bigint } {
  const unit = 10n ** BigInt(exponent(currency));
  return { leastMinor: unit, mostMinor: 100_000n * unit };
}

type GiftQuestion = { chosen: string; typed: string; fields: { chosen: string; typed: string } };
type GiftAnswer = { ok: true; amountMinor: bigint } | { ok: false; refusal: Refusal };

/**
 * The amount of a gift from its two fields. A chosen preset beside another typed amount is refused rather than guessed:
 * without JavaScript the form cannot clear the one when the other is used, and either guess would charge a wrong sum.
 */
export function readGift({ chosen, typed, fields }: GiftQuestion, presetsMinor: readonly bigint[], currency: string): GiftAnswer {
  const preset = presetsMinor.find((minor) => String(minor) === chosen);
  if (preset !== undefined && typed === "") return { ok: true, amountMinor: preset };
  if (chosen !== "" && chosen !== "other" && preset === undefined && typed === "") return { ok: false, refusal: refuse(fields.chosen, "no amount") };
  const amount = parseAmount(typed, currency);
  if (preset !== undefined) {
    if (amount.ok && amount.amountMinor === preset) return { ok: true, amountMinor: preset };
    return { ok: false, refusal: refuse(fields.typed, "two amounts", { typed }) };
  }
  if (!amount.ok) return { ok: false, refusal: refuseAmount(chosen === "other" ? fields.typed : fields.chosen, fields.typed, amount.reason) };
  const { leastMinor, mostMinor } = giftLimits(currency);
  if (amount.amountMinor < leastMinor) return { ok: false, refusal: refuse(fields.typed, "amount too small", { limitMinor: leastMinor, currency }) };
  if (amount.amountMinor > mostMinor) return { ok: false, refusal: refuse(fields.typed, "amount too large", { limitMinor: mostMinor, currency }) };
  return { ok: true, amountMinor: amount.amountMinor };
}

function refuseAmount(emptyField: string, typedField: string, reason: "empty" | "not a number" | "too many decimals"): Refusal {
  if (reason === "empty") return refuse(emptyField, "no amount");
  return refuse(typedField, reason === "too many decimals" ? "too many decimals" : "not an amount");
}

/** Whether a campaign sells on this local day (YYYY-MM-DD at its organisation); its first and last day are included. */
export function isOpen(campaign: Pick<Campaign, "startsOn" | "endsOn">, today: string): boolean {
  if (campaign.startsOn !== null && today < campaign.startsOn) return false;
  return campaign.endsOn === null || today <= campaign.endsOn;
}
