import type { z } from "zod";
import type { Fields } from "./give.ts";
import { parseAmount } from "./money.ts";
import type { OrganisationState } from "./setting.ts";
import { accountSchema, campaignSchema, fundSchema, organisationSchema, promiseSchema } from "./setup.ts";
import { slugOf } from "./slug.ts";

/*
 * The desk's forms, read into parts of a set-up document. A field is named as the document names it; amounts are typed
 * in whole units. What is wrong is said by field, as in the set-up file: "must not be empty".
 */

export type FormErrors = Record<string, string>;
export type ReadForm<Part> = { ok: true; part: Part } | { ok: false; errors: FormErrors };

/** An organisation's form. A new one's address is made of its name where none was typed. */
export function readOrganisation(
  fields: Fields,
  had: OrganisationState | null,
): ReadForm<z.output<typeof organisationSchema>> {
  const startsIn = Number(fields["startsIn"] ?? "1");
  const since = oneLine(fields, "since");
  return check(organisationSchema, {
    slug: slugFrom(fields, had),
    name: oneLine(fields, "name"),
    legalName: oneLine(fields, "legalName"),
    address: lines(fields, "address"),
    contact: oneLine(fields, "contact"),
    currency: oneLine(fields, "currency").toUpperCase(),
    timeZone: oneLine(fields, "timeZone"),
    timeZoneSince: oneLine(fields, "timeZoneSince") || undefined,
    registrationNumber: oneLine(fields, "registrationNumber") || null,
    accent: oneLine(fields, "accent").toLowerCase() || null,
    languages: list(fields, "languages"),
    fiscalYear: { startsIn, ...(since !== "" && { since }) },
  });
}

/** An account's form; its keys are set elsewhere. */
export function readAccount(
  fields: Fields,
  had: { slug: string; organisation: string } | null,
): ReadForm<z.output<typeof accountSchema>> {
  return check(accountSchema, {
    slug: slugFrom(fields, had),
    organisation: had?.organisation ?? oneLine(fields, "organisation"),
    name: oneLine(fields, "name"),
    settlesIn: list(fields, "settlesIn").map((currency) => currency.toUpperCase()),
  });
}

type FundAsked = {
  had: { slug: string; generalOf: string | null; accounts: string[] } | null;
  currency: string;
  /** The accounts among which the person may choose. */
  choices: readonly string[];
};

/** A fund's form: `receives` names the account of online gifts, `account.<slug>` says "yes" for each that takes part. */
export function readFund(fields: Fields, { had, currency, choices }: FundAsked): ReadForm<z.output<typeof fundSchema>> {
  const errors: FormErrors = {};
  const receives = oneLine(fields, "receives");
  // Accounts of other organisations stay where they are.
  const others = (had?.accounts ?? []).filter((slug) => !choices.includes(slug));
  const taking = [...choices, ...others].filter(
    (slug) => slug === receives || others.includes(slug) || fields[`account.${slug}`] === "yes",
  );
  if (!taking.includes(receives)) errors["receives"] = "must be chosen";
  return check(
    fundSchema,
    {
      slug: slugFrom(fields, had),
      name: oneLine(fields, "name"),
      description: lines(fields, "description"),
      remark: oneLine(fields, "remark") || undefined,
      restriction: oneLine(fields, "restriction") || null,
      public: fields["public"] !== "no",
      bearsFees: fields["bearsFees"] !== "no",
      lasting: fields["lasting"] !== "no",
      ...(had?.generalOf != null && { generalOf: had.generalOf }),
      accounts: [receives, ...taking.filter((slug) => slug !== receives)],
      currency,
      presetsMinor: amounts(fields, "presetsMinor", currency, errors),
      goalMinor: amount(fields, "goalMinor", currency, errors) ?? null,
    },
    errors,
  );
}

const campaignForm = campaignSchema.omit({ items: true, promise: true });
type CampaignAsked = {
  had: { slug: string } | null;
  currency: string;
  /** The pairs of fund and account to choose from, such as `families main`. */
  choices: readonly string[];
};

/** A campaign's form, without its promise and items; `through` names the fund and the account that is paid. */
export function readCampaign(
  fields: Fields,
  { had, currency, choices }: CampaignAsked,
): ReadForm<z.output<typeof campaignForm>> {
  const errors: FormErrors = {};
  const through = oneLine(fields, "through");
  const [fund = "", account = ""] = through.split(" ");
  if (!choices.includes(through)) errors["through"] = "must be chosen";
  const [startsOn, endsOn] = [oneLine(fields, "startsOn"), oneLine(fields, "endsOn")];
  if (startsOn !== "" && endsOn !== "" && endsOn < startsOn) errors["endsOn"] = "must not be before the first day";
  return check(
    campaignForm,
    {
      slug: slugFrom(fields, had),
      name: oneLine(fields, "name"),
      kind: "merchandise",
      fund,
      account,
      description: lines(fields, "description"),
      remark: oneLine(fields, "remark") || undefined,
      startsOn: startsOn || undefined,
      endsOn: endsOn || undefined,
      shippingMinor: amount(fields, "shippingMinor", currency, errors),
    },
    errors,
  );
}

/** A promise's form; the rate is typed in percent. */
export function readPromise(fields: Fields, currency: string): ReadForm<z.output<typeof promiseSchema>> {
  const errors: FormErrors = {};
  const rate = /^(?<whole>\d{1,3})(?:[.,](?<part>\d{1,2}))?\s*%?$/u.exec(oneLine(fields, "rateBp"))?.groups;
  const rateBp = rate === undefined ? -1 : Number(rate["whole"]) * 100 + Number((rate["part"] ?? "").padEnd(2, "0"));
  if (rateBp < 0 || rateBp > 10_000) errors["rateBp"] = "must be a percentage such as 100 or 62.5";
  return check(
    promiseSchema,
    {
      basis: oneLine(fields, "basis"),
      rateBp,
      wording: oneLine(fields, "wording"),
      wordedMinor: amount(fields, "wordedMinor", currency, errors),
      inForceFrom: oneLine(fields, "inForceFrom"),
    },
    errors,
  );
}

/** Holds a draft against the document's schema; what is known to be wrong already is said first. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  draft: unknown,
  errors: FormErrors = {},
): ReadForm<z.output<Schema>> {
  const read = schema.safeParse(draft);
  for (const issue of read.error?.issues ?? []) {
    const field = String(issue.path[0] ?? "form");
    errors[field] ??= issue.message.startsWith("must ") ? issue.message : "must be filled in as described";
  }
  return read.success && Object.keys(errors).length === 0 ? { ok: true, part: read.data } : { ok: false, errors };
}

/** A typed amount in minor units; undefined when nothing was typed, or nothing that is one. */
export function amount(fields: Fields, name: string, currency: string, errors: FormErrors): number | undefined {
  const typed = oneLine(fields, name);
  const parsed = parseAmount(typed, currency);
  if (parsed.ok) return Number(parsed.amountMinor);
  if (parsed.reason !== "empty") errors[name] = "must be an amount such as 25 or 25.50";
  return undefined;
}

/** Several amounts, between semicolons or spaces; commas too, where they do not belong to an amount. */
function amounts(fields: Fields, name: string, currency: string, errors: FormErrors): number[] {
  const typed = oneLine(fields, name)
    .split(/[;\s]+|,\s*(?!\d{3}(?:\D|$))/u)
    .filter((each) => each !== "");
  return typed.flatMap((each) => amount({ [name]: each }, name, currency, errors) ?? []);
}

/** Text of one line, without control characters. */
export function oneLine(fields: Fields, name: string): string {
  return (fields[name] ?? "")
    .normalize("NFC")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

/** Text of several lines. */
function lines(fields: Fields, name: string): string {
  return (fields[name] ?? "")
    .normalize("NFC")
    .replace(/\r\n?/gu, "\n")
    .replace(/[^\P{Cc}\n]+/gu, " ")
    .trim();
}

function list(fields: Fields, name: string): string[] {
  return oneLine(fields, name)
    .split(/[\s,;]+/u)
    .filter((each) => each !== "");
}

/** What is there keeps its slug; something new has the typed one, or one made of its name. */
function slugFrom(fields: Fields, had: { slug: string } | null): string {
  if (had !== null) return had.slug;
  return oneLine(fields, "slug") || slugOf(oneLine(fields, "name"));
}
