import { z } from "zod";
import { definitions } from "../core/definition.ts";

/*
 * The public JSON, said once: these schemas are the types of what the routes answer, and what /api/openapi.json prints.
 * Money is an integer of minor units.
 */

const minor = z.int();
const count = z.int().min(0);

const figures = {
  givenMinor: minor.describe(definitions.given.text),
  returnedMinor: minor.describe(definitions.returned.text),
  raisedMinor: minor.describe(definitions.raised.text),
  proceedsMinor: minor.describe(definitions.proceeds.text),
  feesMinor: minor.describe(definitions.fees.text),
  feesUnknown: count.describe("How many gifts' fee is not known yet: it is in no other number."),
  reachedMinor: minor.describe(definitions.reached.text),
  gifts: count.describe(definitions.gifts.text),
  donors: count.describe(definitions.donors.text),
  unnamedGifts: count.describe(definitions.unnamedGifts.text),
  supporters: count.describe(definitions.supporters.text),
  otherCurrencies: z
    .array(z.object({ currency: z.string(), givenMinor: minor, returnedMinor: minor, raisedMinor: minor }))
    .describe("Gifts counted in other currencies, never added to the amounts beside them."),
};

const asOf = z.iso.datetime().describe("When these numbers were read.");
const currency = z.string().describe("Three capital letters, such as CAD. All amounts are minor units of it.");

const total = z.object(figures).meta({ id: "Total" });
const fundTotal = z
  .object({
    slug: z.string(),
    name: z.string(),
    from: z.iso
      .date()
      .nullable()
      .describe(
        "Of a range: its first day, widened to whole months of at least five donors; null where there are none.",
      ),
    to: z.iso.date().nullable().describe("Of a range: its last day, widened likewise."),
    ...nullable(figures),
  })
  .describe("Of a range only raised, gifts and donors are said; all else is null.")
  .meta({ id: "FundTotal" });

export const totalsAnswer = z
  .object({
    asOf,
    from: z.iso.date().nullable().describe("First day counted for any of the funds, or null for no limit."),
    to: z.iso.date().nullable().describe("Last day counted for any of the funds, or null for no limit."),
    currency,
    donorsRoundedDown: z
      .boolean()
      .describe("Whether donors are rounded down to a whole five, as they are for every range."),
    funds: z.array(fundTotal).describe("Every public fund, in its order."),
    unassigned: total.nullable().describe("Gifts that are not assigned to a fund yet; null for a range."),
    all: total
      .nullable()
      .describe("Public funds and unassigned gifts together, each person counted once; null for a range."),
  })
  .meta({ id: "Totals" });
export type TotalsAnswer = z.infer<typeof totalsAnswer>;

export const campaignAnswer = z
  .object({
    asOf,
    currency,
    slug: z.string(),
    fund: z.string().describe("Slug of the fund that it sells for."),
    kind: z.enum(["merchandise"]),
    unitsSold: count.nullable().describe("Pieces sold and not returned; null for a range, as all numbers are."),
    grossMinor: minor.nullable().describe("What buyers paid for them, without shipping."),
    feesMinor: minor.nullable().describe("What Stripe took for these sales; null while it is not known of each."),
    promisedMinor: minor
      .nullable()
      .describe(
        "What the promise made to buyers comes to; null where some of its wordings name an amount and others do not.",
      ),
    actualMinor: minor.nullable().describe("What the fund really gets of it; null while a fee is not known."),
    differenceMinor: minor.nullable().describe("Actual less promised; null with it."),
  })
  .meta({ id: "CampaignTotal" });
export type CampaignAnswer = z.infer<typeof campaignAnswer>;

export const errorAnswer = z
  .object({
    error: z.object({
      code: z.string().describe("The refusal's name."),
      text: z.string().describe("What was wrong, in a sentence."),
      todo: z.string().nullable().describe("What to do about it, where the text does not say so."),
      request: z.string().describe("The number under which the service noted this request."),
    }),
  })
  .meta({ id: "Error" });

/** What may be asked of the totals. */
export const totalsQuery = z.object({
  currency: z
    .string()
    .optional()
    .describe("Three capital letters, such as CAD; the first organisation's currency if left out."),
  from: z
    .string()
    .optional()
    .describe("First day of a range, such as 2021-03-01; it is widened to whole months of each fund."),
  to: z.string().optional().describe("Last day of a range, such as 2021-03-31."),
});

/** What may be asked of a campaign: all time. Of a range its numbers are null. */
export const campaignQuery = totalsQuery.pick({ from: true, to: true });

/** The same numbers, each with its own words, where they may be withheld. */
function nullable<T extends Record<string, z.ZodType>>(shape: T): { [key in keyof T]: z.ZodNullable<T[key]> } {
  const each = Object.entries(shape).map(([name, number]) => [
    name,
    number.nullable().describe(number.description ?? ""),
  ]);
  return Object.fromEntries(each) as { [key in keyof T]: z.ZodNullable<T[key]> };
}
