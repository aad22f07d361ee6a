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
const fundTotal = z.object({ slug: z.string(), name: z.string(), ...figures }).meta({ id: "FundTotal" });

export const totalsAnswer = z
  .object({
    asOf,
    from: z.iso.date().nullable().describe("First day counted, or null for no limit."),
    to: z.iso.date().nullable().describe("Last day counted, or null for no limit."),
    currency,
    funds: z.array(fundTotal).describe("Every public fund, in its order."),
    unassigned: total.describe("Gifts that are not assigned to a fund yet."),
    all: total.describe("Public funds and unassigned gifts together, each person counted once."),
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
    unitsSold: count.describe("Pieces sold and not returned."),
    grossMinor: minor.describe("What buyers paid for them, without shipping."),
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

/** What may be asked of the totals. `from` and `to` are known only to be refused in words instead of being ignored. */
export const totalsQuery = z.object({
  currency: z
    .string()
    .optional()
    .describe("Three capital letters, such as CAD; the first organisation's currency if left out."),
  from: z.string().optional().describe("Not taken yet: public numbers are for all time."),
  to: z.string().optional().describe("Not taken yet: public numbers are for all time."),
});
