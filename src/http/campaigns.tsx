import { Hono, type Context } from "hono";
import { readBasket } from "../core/basket.ts";
import { localDay } from "../core/period.ts";
import { findPublicCampaign, type CampaignOnSale } from "../db/campaign.ts";
import { CampaignPage } from "../../web/pages/campaign.tsx";
import { emptyShop, type ShopForm } from "../../web/parts/shop-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { freshOrder, toPayment } from "./pay.ts";

/** `/campaigns/:slug`, a campaign's shop, and its order form. */
export function campaignRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/campaigns/:slug", async (c) => {
    const onSale = await campaignOf(c, deps);
    const cameBack = c.req.query("came-back") !== undefined;
    const form = { order: freshOrder(deps), values: emptyShop(), errors: {}, quantityErrors: {}, cameBack };
    return await showCampaign(c, onSale, form);
  });

  app.post("/campaigns/:slug/order", async (c) => {
    const onSale = await campaignOf(c, deps);
    const { typed, submitted } = readBasket(await readFields(c), {
      campaign: onSale.campaign,
      presetsMinor: onSale.giftPresetsMinor,
      today: localDay(deps.now(), onSale.timeZone),
      freshOrder: freshOrder(deps),
    });
    const outcome = await toPayment(c, deps, submitted);
    if (outcome instanceof Response) return outcome;
    c.status(outcome.status);
    const [quantityErrors, errors] = byQuantity(outcome.errors);
    return await showCampaign(c, onSale, {
      order: freshOrder(deps),
      values: typed,
      errors,
      quantityErrors,
      cameBack: false,
    });
  });

  app.get("/campaigns/:slug/order", (c) =>
    c.redirect(`/campaigns/${encodeURIComponent(c.req.param("slug"))}#order`, 303),
  );

  async function showCampaign(c: Context<Env>, onSale: CampaignOnSale, form: ShopForm): Promise<Response> {
    const { campaign, total, timeZone, giftPresetsMinor } = onSale;
    const frame = await frames.read(c);
    const today = localDay(deps.now(), timeZone);
    return await c.html(
      <CampaignPage
        frame={frame}
        campaign={campaign}
        total={total}
        today={today}
        giftPresetsMinor={giftPresetsMinor}
        form={form}
      />,
    );
  }

  return app;
}

/** Errors of single quantities apart from all others. */
function byQuantity(errors: Record<string, string>): [Record<string, string>, Record<string, string>] {
  const entries = Object.entries(errors);
  const isQuantity = ([field]: [string, string]): boolean => field.startsWith("q.");
  return [
    Object.fromEntries(entries.filter((entry) => isQuantity(entry))),
    Object.fromEntries(entries.filter((entry) => !isQuantity(entry))),
  ];
}

async function campaignOf(c: Context<Env>, deps: Deps): Promise<CampaignOnSale> {
  const onSale = await findPublicCampaign(deps.sql, c.req.param("slug") ?? "");
  if (onSale === null) throw new Refused("not found");
  return onSale;
}
