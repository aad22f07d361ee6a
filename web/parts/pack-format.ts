import type { PackLanguage } from "../../src/core/pack.ts";
import { kept } from "../../src/core/kept.ts";
import { exponent, formatMoney } from "../../src/core/money.ts";
import { packWords as english } from "../locales/en/pack.ts";
import { packWords as french } from "../locales/fr/pack.ts";

/** The words of packs, which each language has all of. */
export type PackWords = typeof english;

/** How a language writes amounts, counts and days, with its words. */
export type PackTongue = {
  language: PackLanguage;
  words: PackWords;
  /** Of the pack's currency, unless another is named. */
  money: (minor: number, other?: string) => string;
  count: (number: number) => string;
  /** A part of a whole in whole per cent, half up; "" of nothing. */
  percent: (part: number, whole: number) => string;
  day: (localDay: string) => string;
  month: (localMonth: string) => string;
  /** For a narrow axis: "Jan 2021". */
  shortMonth: (localMonth: string) => string;
  moment: (at: string, timeZone: string) => string;
};

const locales = { en: "en-CA", fr: "fr-CA" } as const;
/** Days in English as everywhere here: 20 October 2020. */
const dayLocales = { en: "en-GB", fr: "fr-CA" } as const;

/** The words of a pack in a language. */
export function wordsOf(language: PackLanguage): PackWords {
  return language === "en" ? english : french;
}

/** A language, for amounts in this currency. */
export function tongueOf(language: PackLanguage, currency: string): PackTongue {
  const inUtc = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(dayLocales[language], { ...options, timeZone: "UTC" });
  const day = inUtc({ day: "numeric", month: "long", year: "numeric" });
  const month = inUtc({ month: "long", year: "numeric" });
  const shortMonth = inUtc({ month: "short", year: "numeric" });
  const words = wordsOf(language);
  return {
    language,
    words,
    money: (minor, other = currency) => packMoney(minor, other, language),
    count: (number) => number.toLocaleString(locales[language]),
    percent: (part, whole) => (whole === 0 ? "" : words.percent(percentOf(part, whole))),
    day: (localDay) => firstOfMonth(day.format(new Date(`${localDay}T00:00:00Z`)), language),
    month: (localMonth) => month.format(new Date(`${localMonth.slice(0, 7)}-01T00:00:00Z`)),
    shortMonth: (localMonth) => shortMonth.format(new Date(`${localMonth.slice(0, 7)}-01T00:00:00Z`)),
    moment: (at, timeZone) => momentIn(language, at, timeZone),
  };
}

const frenchMoney = kept((currency) => {
  const digits = exponent(currency);
  return new Intl.NumberFormat(locales.fr, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
});

/** An amount in minor units: "$1,234.50", "1 234,50 $". No float is made of it. */
function packMoney(minor: number, currency: string, language: PackLanguage): string {
  if (language === "en") return formatMoney({ amountMinor: BigInt(minor), currency });
  const digits = exponent(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const [whole, part] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  // As a text, which Intl reads digit by digit.
  const amount = frenchMoney(currency).format(`${whole}${digits === 0 ? "" : `.${part}`}` as `${number}`);
  return minor < 0 ? `−${amount}` : amount;
}

/** Whole per cent, half away from zero, by whole numbers. */
export function percentOf(part: number, whole: number): number {
  const [p, w] = [BigInt(part), BigInt(whole)];
  const isNegative = p < 0n !== w < 0n;
  const [above, below] = [p < 0n ? -p : p, w < 0n ? -w : w];
  const rounded = (above * 200n + below) / (below * 2n);
  return Number(isNegative ? -rounded : rounded);
}

/** French writes the first of a month as 1er. */
function firstOfMonth(text: string, language: PackLanguage): string {
  return language === "fr" ? text.replace(/^1 /u, "1er ") : text;
}

function momentIn(language: PackLanguage, at: string, timeZone: string): string {
  const instant = new Date(at);
  const date = new Intl.DateTimeFormat(dayLocales[language], {
    timeZone,
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(instant);
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(instant);
  const clock = language === "fr" ? time.replace(":", " h ") : time;
  return language === "fr" ? `${firstOfMonth(date, language)} à ${clock}` : `${date}, ${clock}`;
}
