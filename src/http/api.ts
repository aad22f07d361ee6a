import { Hono } from "hono";
import { describeRoute, openAPIRouteHandler, resolver, validator } from "hono-openapi";
import { minorToNumber } from "../core/money.ts";
import { readPeriod, type Period } from "../core/period.ts";
import type { CampaignTotal, FundTotal, Total } from "../core/total.ts";
import { readHouse } from "../db/account.ts";
import { readRange, type RangeTotal } from "../db/block.ts";
import { findPublicCampaign } from "../db/campaign.ts";
import { readTotals } from "../db/total.ts";
import {
  campaignAnswer,
  errorAnswer,
  campaignQuery,
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
      const period = periodOf(c.req.valid("query"));
      const currency = await readCurrency(c, deps, (await readHouse(deps.sql)).currency);
      const answer = isRange(period) ? await ofRange(deps, period, currency) : await ofAllTime(deps, currency);
      return c.json(answer, 200, { "cache-control": cached });
    },
  );

  app.get(
    "/api/campaigns/:slug",
    describe("What a campaign sold", campaignAnswer),
    validator("query", campaignQuery),
    async (c) => {
      const period = periodOf(c.req.valid("query"));
      const onSale = await findPublicCampaign(deps.sql, c.req.param("slug"));
      if (onSale === null) throw new Refused("not found");
      const { campaign, asOf } = onSale;
      const answer: CampaignAnswer = {
        asOf: asOf.toISOString(),
        currency: campaign.currency,
        slug: campaign.slug,
        fund: campaign.fund.slug,
        kind: campaign.kind,
        ...campaignFigures(isRange(period) ? null : onSale.total),
      };
      return c.json(answer, 200, { "cache-control": cached });
    },
  );

  app.get(
    "/api/openapi.json",
    openAPIRouteHandler(app, {
      documentation: {
        info: {
          title: "Almonry's public numbers",
          version: "1",
          description:
            "What public funds were given, and what campaigns sold. Hidden funds and people are in no answer. All time is whole and live; a range is widened to months in which at least five people gave, which stay as they were first counted.",
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

/** The period asked for. @throws Refused when a day is none, or it ends before it starts */
function periodOf(query: { from?: string | undefined; to?: string | undefined }): Period {
  const read = readPeriod(query);
  if (!read.ok) throw new Refused("not understood", read.refusal.words);
  return read.period;
}

function isRange({ from, to }: Period): boolean {
  return from !== null || to !== null;
}

async function ofAllTime(deps: Pick<Deps, "sql">, currency: string): Promise<TotalsAnswer> {
  const totals = await readTotals(deps.sql, { from: null, to: null, currency, who: "public" });
  return {
    asOf: totals.asOf.toISOString(),
    from: null,
    to: null,
    currency,
    donorsRoundedDown: false,
    funds: totals.funds.map((fund) => fundFigures(fund)),
    unassigned: figures(totals.unassigned),
    all: figures(totals.all),
  };
}

/** Whole blocks of each fund's months: `from` and `to` of the answer are the outermost of them. */
async function ofRange(deps: Pick<Deps, "sql" | "now">, period: Period, currency: string): Promise<TotalsAnswer> {
  const funds = await readRange(deps.sql, { ...period, currency });
  const firsts = funds.flatMap(({ from }) => from ?? []).sort();
  const lasts = funds.flatMap(({ to }) => to ?? []).sort();
  return {
    asOf: deps.now().toISOString(),
    from: firsts[0] ?? null,
    to: lasts.at(-1) ?? null,
    currency,
    donorsRoundedDown: true,
    funds: funds.map((fund) => rangeFigures(fund)),
    unassigned: null,
    all: null,
  };
}

function fundFigures({ slug, name, ...total }: FundTotal): TotalsAnswer["funds"][number] {
  return { slug, name, from: null, to: null, ...figures(total) };
}

function rangeFigures(fund: RangeTotal): TotalsAnswer["funds"][number] {
  return {
    slug: fund.slug,
    name: fund.name,
    from: fund.from,
    to: fund.to,
    givenMinor: null,
    returnedMinor: null,
    raisedMinor: numberOrNull(fund.raisedMinor),
    proceedsMinor: null,
    feesMinor: null,
    feesUnknown: null,
    reachedMinor: null,
    gifts: fund.gifts,
    donors: fund.donors,
    unnamedGifts: null,
    supporters: null,
    otherCurrencies: null,
  };
}

function campaignFigures(total: CampaignTotal | null) {
  return {
    unitsSold: total?.unitsSold ?? null,
    grossMinor: numberOrNull(total?.grossMinor ?? null),
    feesMinor: numberOrNull(total?.feesMinor ?? null),
    promisedMinor: numberOrNull(total?.promisedMinor ?? null),
    actualMinor: numberOrNull(total?.actualMinor ?? null),
    differenceMinor: numberOrNull(total?.differenceMinor ?? null),
  };
}

function figures(total: Total): NonNullable<TotalsAnswer["all"]> {
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
