import { Hono } from "hono";
import { describeRoute, openAPIRouteHandler, resolver, validator } from "hono-openapi";
import { minorToNumber } from "../core/money.ts";
import type { FundTotal, Total } from "../core/total.ts";
import { readHouse } from "../db/account.ts";
import { findPublicCampaign } from "../db/campaign.ts";
import { readTotals } from "../db/total.ts";
import { apiErrors } from "../../web/locales/en/order.ts";
import {
  campaignAnswer,
  errorAnswer,
  totalsAnswer,
  totalsQuery,
  type CampaignAnswer,
  type TotalsAnswer,
} from "./api-schema.ts";
import { readCurrency } from "./board-place.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/** Numbers that are the same for everybody may be a few seconds old, which spares the database a rush of readers. */
const cached = "public, max-age=5";

/** `/api/*`: the public numbers as JSON, and their description. */
export function apiRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  app.get(
    "/api/totals",
    describe("What was given to each public fund, and by how many people", totalsAnswer),
    validator("query", totalsQuery),
    async (c) => {
      const query = c.req.valid("query");
      if (query.from !== undefined || query.to !== undefined) throw new Refused("not understood", apiErrors.noRanges);
      const currency = await readCurrency(c, deps, (await readHouse(deps.sql)).currency);
      const totals = await readTotals(deps.sql, { from: null, to: null, currency, who: "public" });
      const answer: TotalsAnswer = {
        asOf: totals.asOf.toISOString(),
        from: totals.from,
        to: totals.to,
        currency,
        funds: totals.funds.map((fund) => fundFigures(fund)),
        unassigned: figures(totals.unassigned),
        all: figures(totals.all),
      };
      return c.json(answer, 200, { "cache-control": cached });
    },
  );

  app.get("/api/campaigns/:slug", describe("What a campaign sold", campaignAnswer), async (c) => {
    const onSale = await findPublicCampaign(deps.sql, c.req.param("slug"));
    if (onSale === null) throw new Refused("not found");
    const { campaign, total, asOf } = onSale;
    const answer: CampaignAnswer = {
      asOf: asOf.toISOString(),
      currency: campaign.currency,
      slug: campaign.slug,
      fund: campaign.fund.slug,
      kind: campaign.kind,
      unitsSold: total.unitsSold,
      grossMinor: minorToNumber(total.grossMinor),
      feesMinor: numberOrNull(total.feesMinor),
      promisedMinor: numberOrNull(total.promisedMinor),
      actualMinor: numberOrNull(total.actualMinor),
      differenceMinor: numberOrNull(total.differenceMinor),
    };
    return c.json(answer, 200, { "cache-control": cached });
  });

  app.get(
    "/api/openapi.json",
    openAPIRouteHandler(app, {
      documentation: {
        info: {
          title: "Almonry's public numbers",
          version: "1",
          description:
            "What public funds were given, and what campaigns sold. Hidden funds and people are in no answer.",
        },
        servers: [{ url: deps.baseUrl }],
      },
      excludeStaticFile: true,
      defaultValidationErrorResponse: false,
    }),
  );

  return app;
}

function describe(summary: string, schema: typeof totalsAnswer | typeof campaignAnswer) {
  const json = (of: Parameters<typeof resolver>[0]) => ({ "application/json": { schema: resolver(of) } });
  return describeRoute({
    summary,
    responses: {
      200: { description: "The numbers.", content: json(schema) },
      "4XX": { description: "The request was refused; the answer says why.", content: json(errorAnswer) },
      "5XX": { description: "The service cannot answer at the moment.", content: json(errorAnswer) },
    },
  });
}

function fundFigures({ slug, name, ...total }: FundTotal): TotalsAnswer["funds"][number] {
  return { slug, name, ...figures(total) };
}

function figures(total: Total): TotalsAnswer["all"] {
  return {
    givenMinor: minorToNumber(total.givenMinor),
    returnedMinor: minorToNumber(total.returnedMinor),
    raisedMinor: minorToNumber(total.raisedMinor),
    proceedsMinor: minorToNumber(total.proceedsMinor),
    feesMinor: minorToNumber(total.feesMinor),
    feesUnknown: total.feesUnknown,
    reachedMinor: minorToNumber(total.reachedMinor),
    gifts: total.gifts,
    donors: total.donors,
    unnamedGifts: total.unnamedGifts,
    supporters: total.supporters,
    otherCurrencies: total.otherCurrencies.map((other) => ({
      currency: other.currency,
      givenMinor: minorToNumber(other.givenMinor),
      returnedMinor: minorToNumber(other.returnedMinor),
      raisedMinor: minorToNumber(other.raisedMinor),
    })),
  };
}

function numberOrNull(amountMinor: bigint | null): number | null {
  return amountMinor === null ? null : minorToNumber(amountMinor);
}
