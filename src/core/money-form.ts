import type { Fields } from "./give.ts";
import { normaliseEmail } from "./identity.ts";
import { parseAmount } from "./money.ts";
import { isDay } from "./period.ts";
import {
  type Evidence,
  functionalTags,
  type FunctionalTag,
  type MoneyMove,
  payeeKinds,
  type PayeeKind,
} from "./money-move.ts";
import { type FormErrors, oneLine, type ReadForm } from "./setting-form.ts";

/** What the desk records by hand, a form each; the address of a form is its name with hyphens. */
export const formKinds = [
  "cash gift",
  "cash sale",
  "deposit",
  "cash difference",
  "disbursement",
  "expense",
  "payable paid",
  "transfer",
  "administration share",
  "partner payment",
  "collected for partner",
] as const;
export type FormKind = (typeof formKinds)[number];

/** The form that an address means, or null. */
export function formKindOf(slug: string): FormKind | null {
  return formKinds.find((kind) => formSlug(kind) === slug) ?? null;
}

export function formSlug(kind: FormKind): string {
  return kind.replaceAll(" ", "-");
}

/** What the reader of a form knows besides what was typed. */
export type FormHouse = {
  /** Organisations among which the person may choose, with their currency. */
  organisations: readonly { slug: string; currency: string }[];
  /** Slugs of the funds of a deposit. */
  funds: readonly string[];
  /** The paper that came along; null without one. */
  evidence: Evidence | null;
};

/** Reads the form of a move of money. What only the database can know, it refuses itself. */
export function readMove(
  kind: MoneyMove["kind"],
  fields: Fields,
  { organisations, funds, evidence }: FormHouse,
): ReadForm<MoneyMove> {
  const errors: FormErrors = {};
  const said = (name: string): string => oneLine(fields, name);
  const needed = (name: string): string => {
    if (said(name) === "") errors[name] = "must not be empty";
    return said(name);
  };
  const chosen = <Choice extends string>(name: string, of: readonly Choice[]): Choice => {
    const choice = of.find((each) => each === said(name));
    if (choice === undefined) errors[name] = "must be chosen";
    return choice ?? (of[0] as Choice);
  };
  const organisation = chosen(
    "organisation",
    organisations.map(({ slug }) => slug),
  );
  const currency = organisations.find(({ slug }) => slug === organisation)?.currency ?? "CAD";
  const amountMinor = (name = "amount"): bigint => readAmount(fields, name, currency, errors) ?? 0n;
  const base = {
    request: said("request"),
    organisation,
    day: readDay(fields, errors),
    note: said("note"),
    currency: null,
  };

  const read = (): MoneyMove => {
    switch (kind) {
      case "transfer":
        return { ...base, kind, from: needed("from"), to: needed("to"), amountMinor: amountMinor() };
      case "administration share":
        needed("note");
        return { ...base, kind, fund: needed("fund"), amountMinor: amountMinor(), rateBp: readRate(fields, errors) };
      case "disbursement":
        return {
          ...base,
          kind,
          fund: needed("fund"),
          amountMinor: amountMinor(),
          payeeKind: chosen<PayeeKind>("payeeKind", payeeKinds),
          payee: needed("payee"),
          purpose: needed("purpose"),
          evidence,
        };
      case "expense":
        return {
          ...base,
          kind,
          fund: needed("fund"),
          amountMinor: amountMinor(),
          tag: chosen<FunctionalTag>("tag", functionalTags),
          code: said("code") || null,
          payee: needed("payee"),
          purpose: needed("purpose"),
          owed: said("owed") === "yes",
          evidence,
        };
      case "payable paid":
        return { ...base, kind, fund: needed("fund"), amountMinor: amountMinor(), payee: said("payee") };
      case "deposit": {
        const brought = funds.flatMap((fund) => {
          if (said(`deposit.${fund}`) === "") return [];
          return [{ fund, amountMinor: amountMinor(`deposit.${fund}`) }];
        });
        if (brought.length === 0) errors["form"] = "must name what of which fund was brought to the bank";
        return { ...base, kind, funds: brought };
      }
      case "cash difference": {
        const less = chosen("way", ["more", "less"]) === "less";
        needed("note");
        const difference = amountMinor();
        return { ...base, kind, fund: said("fund") || null, amountMinor: less ? -difference : difference };
      }
      case "collected for partner":
        needed("note");
        return { ...base, kind, partner: needed("partner"), fund: needed("fund"), amountMinor: amountMinor() };
      case "partner payment":
        return {
          ...base,
          kind,
          partner: needed("partner"),
          fund: needed("fund"),
          amountMinor: amountMinor(),
          purpose: needed("purpose"),
          paysOver: said("paysOver") === "yes",
        };
    }
  };
  const part = read();
  return Object.keys(errors).length === 0 ? { ok: true, part } : { ok: false, errors };
}

/** Who gave or bought, from the fields `email` and `name`; nobody known when both are empty. */
export function readWho(
  fields: Fields,
  errors: FormErrors,
): { email: string | null; name: string | null; person: null } {
  const [typed, name] = [oneLine(fields, "email"), oneLine(fields, "name")];
  const email = normaliseEmail(typed);
  if (typed !== "" && email === null) errors["email"] = "must be an e-mail address";
  if (name.length > 200) errors["name"] = "must be at most 200 characters";
  return { email: typed === "" ? null : email, name: typed === "" ? name || null : null, person: null };
}

/** A typed amount above zero, in minor units; null, and an error, when it is none. */
export function readAmount(fields: Fields, name: string, currency: string, errors: FormErrors): bigint | null {
  const typed = oneLine(fields, name);
  const parsed = parseAmount(typed, currency);
  // A form like this shows nothing again before it is recorded: 50.555 could be fifty thousand.
  if (!parsed.ok || parsed.amountMinor <= 0n || /^\D*\d{1,3}\.\d{3}\D*$/u.test(typed)) {
    errors[name] = typed === "" ? "must not be empty" : "must be an amount such as 25 or 25.50";
    return null;
  }
  return parsed.amountMinor;
}

/** The day of the form; "" and an error when it is none. */
export function readDay(fields: Fields, errors: FormErrors): string {
  const day = oneLine(fields, "day");
  if (isDay(day)) return day;
  errors["day"] = "must be a day such as 2021-03-04";
  return "";
}

function readRate(fields: Fields, errors: FormErrors): bigint | null {
  const typed = oneLine(fields, "rate");
  if (typed === "") return null;
  const rate = /^(?<whole>\d{1,3})(?:[.,](?<part>\d{1,2}))?\s*%?$/u.exec(typed)?.groups;
  const rateBp = rate === undefined ? 0n : BigInt(`${rate["whole"]}${(rate["part"] ?? "").padEnd(2, "0")}`);
  if (rateBp < 1n || rateBp > 10_000n) errors["rate"] = "must be a percentage such as 5 or 12.5";
  return rateBp;
}
