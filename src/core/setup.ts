import { z } from "zod";

/*
 * The set-up file: organisations, their accounts, funds, campaigns and sorting rules in one JSON document. Its guide is
 * docs/set-up-file.md; `readSetup` checks the names in it. Amounts stay JSON numbers here (`z.int()` admits safe integers only): the document goes to the
 * database as it stands, and nothing calculates with them on the way.
 */

const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, "must be lower-case words joined by hyphens");

/** PostgreSQL keeps any character but NUL in a text. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max)
    .refine((value) => !value.includes("\u0000"), "must not contain the character NUL");

const currency = z.string().regex(/^[A-Z]{3}$/u, "must be three capital letters, such as CAD");
const day = z.iso.date("must be a day such as 2021-03-04");
const priceMinor = z.int().positive("must be a whole number of cents above 0");

const organisation = z.strictObject({
  slug,
  name: text(120),
  legalName: text(200),
  address: text(300),
  contact: text(300),
  currency: currency.default("CAD"),
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as America/Toronto").default("America/Toronto"),
});

const account = z.strictObject({
  slug,
  organisation: slug,
  stripeAccount: z
    .string()
    .regex(/^acct_[0-9A-Za-z]{1,60}$/u, "must be an account id such as acct_1ABC")
    .optional(),
  settlesIn: z.array(currency).max(20).optional(),
});

const fund = z.strictObject({
  slug,
  name: text(120),
  description: text(5000),
  remark: text(300).optional(),
  public: z.boolean().default(true),
  bearsFees: z.boolean().default(true),
  generalOf: slug.optional(),
  accounts: z.array(slug).min(1, "must name at least one account").max(50),
  currency: currency.optional(),
  presetsMinor: z.array(priceMinor).max(8).default([]),
});

const variant = z.strictObject({ slug, name: text(80), priceMinor });

const item = z
  .strictObject({
    slug,
    name: text(120),
    description: text(1000).optional(),
    variants: z.array(variant).min(1).max(60).optional(),
    priceMinor: priceMinor.optional(),
  })
  .refine(
    (it) => (it.variants === undefined) !== (it.priceMinor === undefined),
    "must have either variants or priceMinor",
  );

const promise = z.strictObject({
  basis: z.enum(["gross", "net of processing", "net of processing and goods", "fixed a unit"]),
  rateBp: z.int().min(0).max(10_000).default(10_000),
  wording: text(300),
  wordedMinor: z.int().min(0).optional(),
  inForceFrom: day,
});

const campaign = z.strictObject({
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
  promise,
  items: z.array(item).min(1).max(100),
});

const sortingRule = z.strictObject({
  account: slug,
  description: text(300),
  becomes: z.enum(["gift", "other income", "not ours"]),
  fund: slug.optional(),
});

export const setupSchema = z.strictObject({
  organisations: z.array(organisation).default([]),
  accounts: z.array(account).default([]),
  funds: z.array(fund).default([]),
  campaigns: z.array(campaign).default([]),
  sortingRules: z.array(sortingRule).default([]),
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
