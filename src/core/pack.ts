import type { Fields } from "./give.ts";
import { isDay, lastDayOfMonth, type Period } from "./period.ts";
import type { BoardPlace } from "./total.ts";

/** The languages a pack can be in; of both, English comes first. */
export type PackLanguage = "en" | "fr";
export const packLanguageChoices = ["en", "fr", "en fr"] as const;
export type PackLanguages = (typeof packLanguageChoices)[number];

/** How long a link to a pack lasts, in days. */
export const linkDays = [7, 30, 90] as const;
export type LinkDays = (typeof linkDays)[number];

/** A pack as lists show it. */
export type PackRow = BoardPlace &
  Period & {
    number: bigint;
    currency: string;
    languages: PackLanguages;
    /** The pack that the last meeting had. */
    earlier: bigint | null;
    /** The month, YYYY-MM-DD, that the service made it of by itself; null for one that somebody asked for. */
    month: string | null;
    madeAt: Date;
    madeBy: string;
  };

/** A pack with all that stands in it, as JSON. */
export type Pack = PackRow & { note: string; snapshot: unknown };

/** A link to a pack, as staff see it: never its secret, which nobody knows any more. */
export type PackLink = {
  id: bigint;
  madeAt: Date;
  madeBy: string;
  expiresAt: Date;
  revokedAt: Date | null;
  revokedBy: string | null;
  opened: number;
  lastOpenedAt: Date | null;
};

/** Where packs of each month go by mail. */
export type MonthlyPack = BoardPlace & { languages: PackLanguages };

/** What the form of a new pack says. */
export type PackForm = {
  period: Period;
  languages: PackLanguages;
  note: string;
  earlier: bigint | null;
};

export type PackRefusal = "not a day" | "ends before it starts" | "not a language" | "note too long" | "not a pack";

const noteLengthMax = 8000;

/** Reads the form of a new pack; what is wrong is told by field. */
export function readPackForm(
  fields: Fields,
): { ok: true; form: PackForm } | { ok: false; refusals: Partial<Record<string, PackRefusal>> } {
  const refusals: Partial<Record<string, PackRefusal>> = {};
  const days = { from: fields["from"]?.trim() ?? "", to: fields["to"]?.trim() ?? "" };
  for (const field of ["from", "to"] as const)
    if (days[field] !== "" && !isDay(days[field])) refusals[field] = "not a day";
  const { from, to } = days;
  if (Object.keys(refusals).length === 0 && from !== "" && to !== "" && to < from)
    refusals["to"] = "ends before it starts";
  const languages = readPackLanguages(fields["languages"]);
  if (languages === null) refusals["languages"] = "not a language";
  const note = (fields["note"] ?? "").replaceAll("\r\n", "\n").trim();
  if (note.length > noteLengthMax) refusals["note"] = "note too long";
  const earlier = fields["earlier"]?.trim() ?? "";
  if (!/^(?:[1-9]\d{0,8})?$/u.test(earlier)) refusals["earlier"] = "not a pack";
  if (languages === null || Object.keys(refusals).length > 0) return { ok: false, refusals };
  const period = { from: from || null, to: to || null };
  return { ok: true, form: { period, languages, note, earlier: earlier === "" ? null : BigInt(earlier) } };
}

/** The languages that a form names; null for none of ours. */
export function readPackLanguages(typed: string | undefined): PackLanguages | null {
  return packLanguageChoices.find((choice) => choice === typed) ?? null;
}

/** The languages of a pack in their order. */
export function languagesOf(languages: PackLanguages): PackLanguage[] {
  return languages === "en fr" ? ["en", "fr"] : [languages];
}

/** How long a link lasts that a form asks for; null for anything that is not offered. */
export function readLinkDays(typed: string | undefined): LinkDays | null {
  return linkDays.find((days) => String(days) === typed) ?? null;
}

/**
 * The pack that the last meeting most likely had: the newest one of the same place whose period is as long (whole months by
 * their number, else days), else the newest one of the place.
 * @param packs the newest first
 */
export function likelyEarlier(packs: readonly PackRow[], place: BoardPlace, period: Period): PackRow | null {
  const here = packs.filter(
    (pack) =>
      pack.organisationId === place.organisationId &&
      pack.fundId === place.fundId &&
      pack.campaignId === place.campaignId,
  );
  return here.find((pack) => lengthOf(pack) === lengthOf(period)) ?? here[0] ?? null;
}

/** How long a period is, as a word that equal lengths share: whole months, or days. */
function lengthOf({ from, to }: Period): string {
  if (from === null || to === null) return "open";
  if (from.endsWith("-01") && to === lastDayOfMonth(to)) return `${monthsOf(to) - monthsOf(from) + 1} months`;
  return `${(Date.parse(to) - Date.parse(from)) / 86_400_000} days`;
}

function monthsOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}
