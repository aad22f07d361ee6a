import { z } from "zod";

/*
 * The set-up file: organisations, their accounts, funds, campaigns and sorting rules in one JSON document. Its guide is
 * docs/set-up-file.md; `readSetup` checks the names in it. Amounts stay JSON numbers here (`z.int()` admits safe integers only): the document goes to the
 * database as it stands, and nothing calculates with them on the way.
 */

const slug = z
  .string()
  .max(60, "must have at most 60 characters")
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, "must be lower-case words joined by hyphens");

/** PostgreSQL keeps any character but NUL in a text. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !value.includes("\u0000"), "must not contain the character NUL");

const currency = z.string().regex(/^[A-Z]{3}$/u, "must be three capital letters, such as CAD");
const day = z.iso.date("must be a day such as 2021-03-04");
const priceMinor = z.int().positive("must be a whole number of cents above 0");

/** What the desk may leave out of a document, and a file too: then it stays as it is; null means none. */
const noneOr = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().optional();
const archived = z.boolean().optional();
const stock = noneOr(z.int().min(0, "must be a whole number").max(1_000_000, "must be at most 1,000,000"));

export const organisationSchema = z.strictObject({
  slug,
  name: text(120),
  legalName: text(200),
  address: text(300),
  contact: text(300),
  currency: currency.default("CAD"),
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as America/Toronto").optional(),
  /** The first day of this time zone, for an organisation that has payments. */
  timeZoneSince: day.optional(),
  registrationNumber: noneOr(text(60)),
  accent: noneOr(z.string().regex(/^#[0-9a-f]{6}$/u, "must be a colour such as #8f1d3a")),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/u, "must be codes such as en or fr-CA"))
    .min(1, "must name at least one")
    .max(20)
    .optional(),
  fiscalYear: z.strictObject({ startsIn: z.int().min(1).max(12), since: day.optional() }).optional(),
});

export const accountSchema = z.strictObject({
  slug,
  organisation: slug,
  stripeAccount: z
    .string()
    .regex(/^acct_[0-9A-Za-z]{1,60}$/u, "must be an account id such as acct_1ABC")
    .optional(),
  settlesIn: z.array(currency).max(20).optional(),
  name: z.string().trim().max(120, "must have at most 120 characters").optional(),
});

export const fundSchema = z.strictObject({
  slug,
  name: text(120),
  description: text(5000),
  remark: text(300).optional(),
  public: z.boolean().default(true),
  bearsFees: z.boolean().default(true),
  generalOf: slug.optional(),
  accounts: z.array(slug).min(1, "must name at least one account").max(50),
  currency: currency.optional(),
  presetsMinor: z.array(priceMinor).max(8, "must be at most 8 amounts").default([]),
  goalMinor: noneOr(priceMinor),
  restriction: noneOr(text(1000)),
  lasting: z.boolean().optional(),
  archived,
});

/** What one costs the seller: needed where a promise gives what stays after the goods. */
const costMinor = z.int().min(0).optional();

const variant = z.strictObject({ slug, name: text(80), priceMinor, costMinor, stock, archived });

const itemSchema = z
  .strictObject({
    slug,
    name: text(120),
    description: text(1000).optional(),
    variants: z.array(variant).min(1).max(60).optional(),
    priceMinor: priceMinor.optional(),
    costMinor,
    stock,
    archived,
  })
  .refine(
    (it) => (it.variants === undefined) !== (it.priceMinor === undefined),
    "must have either variants or priceMinor",
  );

export const promiseSchema = z.strictObject({
  basis: z.enum(["gross", "net of processing", "net of processing and goods", "fixed a unit"]),
  rateBp: z.int().min(0).max(10_000).default(10_000),
  wording: text(300),
  wordedMinor: z.int().min(0).optional(),
  inForceFrom: day,
});

export const campaignSchema = z.strictObject({
  slug,
  name: text(120),
  kind: z.literal("merchandise"),
  fund: slug,
  account: slug,
  description: text(5000),
  remark: text(300).optional(),
  startsOn: day.optional(),
  endsOn: day.optional(),
  shippingMinor: z.int().min(0).optional(),
  promise: promiseSchema,
  items: z.array(itemSchema).min(1).max(100),
  archived,
});

export const sortingRuleSchema = z.strictObject({
  account: slug,
  description: text(300),
  becomes: z.enum(["gift", "other income", "not ours"]),
  fund: slug.optional(),
});

export const setupSchema = z.strictObject({
  organisations: z.array(organisationSchema).default([]),
  accounts: z.array(accountSchema).default([]),
  funds: z.array(fundSchema).default([]),
  campaigns: z.array(campaignSchema).default([]),
  sortingRules: z.array(sortingRuleSchema).default([]),
});

/** A set-up file whose shape is right and whose defaults are filled in. */
export type Setup = z.output<typeof setupSchema>;

function isTimeZone(name: string): boolean {
  try {
    // An offset such as +04:00 is accepted here and is no zone: it knows no summer time, and PostgreSQL lists none.
    return /^[A-Za-z]/u.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
