import { Hono, type Context } from "hono";
import type { Fund } from "../core/fund.ts";
import { readGive } from "../core/give.ts";
import type { FundTotal, Totals } from "../core/total.ts";
import { listBlocks } from "../db/block.ts";
import { listPublicCampaigns } from "../db/campaign.ts";
import { findPublicFund, findRenamedFund, listPublicFunds } from "../db/fund.ts";
import { listRecentGifts } from "../db/gift.ts";
import { readTotals } from "../db/total.ts";
import { FundPage } from "../../web/pages/fund.tsx";
import { FundsPage } from "../../web/pages/funds.tsx";
import type { FormState } from "../../web/parts/field.tsx";
import { emptyGive, type GiveValues } from "../../web/parts/give-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { freshOrder, toPayment } from "./pay.ts";

/** `/`, `/funds/:slug` and its give form. Only public funds; a hidden one is as unknown as one that never was. */
export function fundRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/", async (c) => {
    const [frame, funds, campaigns] = await Promise.all([
      frames.read(c),
      listPublicFunds(deps.sql),
      listPublicCampaigns(deps.sql),
    ]);
    const totals = await totalsByCurrency(deps, funds);
    const entries = funds.map((fund) => ({ fund, total: totalOf(fund, totals) }));
    const asOf = totals.values().next().value?.asOf ?? deps.now();
    return c.html(<FundsPage frame={frame} asOf={asOf} funds={entries} campaigns={campaigns} />);
  });

  app.get("/funds/:slug", async (c) => {
    const renamed = await renamedFund(c, deps);
    if (renamed !== null) return c.redirect(`/funds/${renamed}`, 301);
    const fund = await fundOf(c, deps);
    const cameBack = c.req.query("came-back") !== undefined;
    return await showFund(c, fund, { order: freshOrder(deps), values: emptyGive(fund), errors: {}, cameBack });
  });

  app.post("/funds/:slug/give", async (c) => {
    const fund = await fundOf(c, deps);
    const { typed, submitted } = readGive(await readFields(c), fund, freshOrder(deps));
    const outcome = await toPayment(c, deps, submitted);
    if (outcome instanceof Response) return outcome;
    const { status, errors } = outcome;
    c.status(status);
    return await showFund(c, fund, { order: freshOrder(deps), values: typed, errors, cameBack: false });
  });

  // Where a reload of a form shown again leads.
  app.get("/funds/:slug/give", (c) => c.redirect(`/funds/${encodeURIComponent(c.req.param("slug"))}#give`, 303));

  async function showFund(c: Context<Env>, fund: Fund, form: FormState<GiveValues>): Promise<Response> {
    const frame = await frames.read(c);
    const [totals, rows, recent, campaigns] = await Promise.all([
      totalsByCurrency(deps, [fund]),
      listBlocks(deps.sql, { slug: fund.slug, currency: fund.currency }),
      listRecentGifts(deps.sql, fund.slug),
      listPublicCampaigns(deps.sql),
    ]);
    const own = campaigns.map(({ campaign }) => campaign).filter((campaign) => campaign.fund.slug === fund.slug);
    const asOf = totals.get(fund.currency)?.asOf ?? deps.now();
    const total = totalOf(fund, totals);
    return await c.html(
      <FundPage
        frame={frame}
        fund={fund}
        total={total}
        asOf={asOf}
        rows={rows}
        recent={recent}
        campaigns={own}
        form={form}
      />,
    );
  }

  return app;
}

/** Where a fund is now whose earlier address was asked for; null for one that has the address today. */
async function renamedFund(c: Context<Env>, deps: Deps): Promise<string | null> {
  const slug = c.req.param("slug") ?? "";
  return (await findPublicFund(deps.sql, slug)) === null ? await findRenamedFund(deps.sql, slug) : null;
}

async function fundOf(c: Context<Env>, deps: Deps): Promise<Fund> {
  const fund = await findPublicFund(deps.sql, c.req.param("slug") ?? "");
  if (fund === null) throw new Refused("not found");
  return fund;
}

/** The public totals in each currency that these funds are counted in. */
async function totalsByCurrency(deps: Deps, funds: readonly Fund[]): Promise<Map<string, Totals>> {
  const currencies = [...new Set(funds.map((fund) => fund.currency))];
  const all = currencies.map(
    async (currency) => await readTotals(deps.sql, { from: null, to: null, currency, who: "public" }),
  );
  return new Map((await Promise.all(all)).map((totals) => [totals.currency, totals]));
}

function totalOf(fund: Fund, totals: ReadonlyMap<string, Totals>): FundTotal {
  const total = totals.get(fund.currency)?.funds.find(({ slug }) => slug === fund.slug);
  // It was public a moment ago and is not any more: to the reader there is no such fund.
  if (total === undefined) throw new Refused("not found");
  return total;
}
