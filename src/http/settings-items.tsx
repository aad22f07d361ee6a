import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { linesOfItem, readItem } from "../core/item-form.ts";
import { exponent } from "../core/money.ts";
import type { CampaignState, ItemState, Setting, VariantState } from "../core/setting.ts";
import { picturedWords } from "../db/picture.ts";
import { changeSettings } from "../db/setting.ts";
import { itemWords as words } from "../../web/locales/en/campaign-settings.ts";
import { settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage } from "../../web/pages/setting.tsx";
import { ItemLines, VariantOrder } from "../../web/parts/item-lines.tsx";
import { PicturePart } from "../../web/parts/picture-form.tsx";
import type { Section } from "../../web/parts/setting-form.tsx";
import type { SettingRow } from "../../web/parts/setting-list.tsx";
import type { Deps, Env } from "./deps.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import {
  backTo,
  changeableSetting,
  changedMeanwhile,
  currencyOfFund,
  inWords,
  markOf,
  openDesk,
  refusedErrors,
  typedAmount,
  type Desk,
} from "./setting-desk.ts";

const campaigns = "/desk/settings/campaigns";
const path = `${campaigns}/:slug/items`;

/** `/desk/settings/campaigns/:slug/items`: what a campaign sells, with sizes and stock. */
export function itemSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change funds");

  app.get(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    return await showItem(c, desk, campaignAt(c, desk), null, {}, {});
  });

  app.post(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const campaign = campaignAt(c, desk);
    const fields = await readFields(c);
    const read = readItem(fields, null, currencyOfFund(desk.settings, campaign.state.fund));
    if (!read.ok) return await showItem(c, desk, campaign, null, fields, inWords(read.errors, words.fields));
    if (desk.settings.item.some(({ subject }) => subject === `${campaign.subject}/${read.part.slug}`)) {
      const errors = inWords({ slug: "must be one that no other item here has" }, words.fields);
      return await showItem(c, desk, campaign, null, fields, errors);
    }
    const written = await changeSettings(
      deps.sql,
      { parts: [{ slug: campaign.subject, items: [read.part] }] },
      desk.staff,
    );
    if (!written.ok) return await showItem(c, desk, campaign, null, fields, refusedErrors(written));
    return backTo(c, `${campaigns}/${campaign.subject}`, "saved");
  });

  app.get(`${path}/:item`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const campaign = campaignAt(c, desk);
    const item = changeableSetting(desk, "item", `${campaign.subject}/${c.req.param("item") ?? ""}`);
    const currency = currencyOfFund(desk.settings, campaign.state.fund);
    return await showItem(c, desk, campaign, item, valuesOf(item.state, variantsOf(desk, item), currency), {});
  });

  app.post(`${path}/:item`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const campaign = campaignAt(c, desk);
    const item = changeableSetting(desk, "item", `${campaign.subject}/${c.req.param("item") ?? ""}`);
    const fields = await readFields(c);
    const had = { slug: item.state.slug, variants: variantsOf(desk, item) };
    const read = readItem(fields, had, currencyOfFund(desk.settings, campaign.state.fund));
    if (!read.ok) return await showItem(c, desk, campaign, item, fields, inWords(read.errors, words.fields));
    const currency = currencyOfFund(desk.settings, campaign.state.fund);
    const mark = await markOf(item.state, had.variants);
    const meanwhile = await changedMeanwhile(fields, mark, valuesOf(item.state, had.variants, currency), words.fields);
    if (meanwhile["form"] !== undefined) return await showItem(c, desk, campaign, item, fields, meanwhile);
    const written = await changeSettings(
      deps.sql,
      { parts: [{ slug: campaign.subject, items: [read.part] }] },
      desk.staff,
    );
    if (!written.ok) return await showItem(c, desk, campaign, item, fields, refusedErrors(written));
    return backTo(c, `${campaigns}/${campaign.subject}`, "saved");
  });

  async function showItem(
    c: Context<Env>,
    desk: Desk,
    campaign: Setting<CampaignState>,
    item: Setting<ItemState> | null,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    if (Object.keys(errors).length > 0) c.status(422);
    const variants = item === null ? [] : variantsOf(desk, item);
    const picture = item?.state.picture ?? null;
    const shows = picture === null ? "" : await picturedWords(deps.sql, picture);
    const back = `${campaigns}/${campaign.subject}`;
    const own = `${back}/items/${item?.state.slug ?? "new"}`;
    const lines = linesOfItem(item === null ? null : { slug: "", variants }, values);
    return await c.html(
      <SettingFormPage
        frame={desk.frame}
        title={item?.state.name ?? words.add}
        above={[
          { href: "/desk/settings", label: settingWords.title },
          { href: campaigns, label: settingWords.rooms.campaigns },
          { href: back, label: campaign.state.name },
        ]}
        notice={Object.keys(errors).length === 0 ? desk.notice : null}
        action={own}
        sections={itemSections(item === null)}
        values={values}
        formErrors={errors}
        moreSections={lineSections(lines)}
        more={<ItemLines lines={lines} there={variants.length} values={values} errors={errors} />}
        back={back}
        opened={item === null ? undefined : await markOf(item.state, variants)}
      >
        {item === null ? null : (
          <>
            <VariantOrder rows={orderRows(desk, item)} />
            <PicturePart path={own} picture={picture} shows={shows} errors={{}} />
          </>
        )}
      </SettingFormPage>,
    );
  }

  return app;
}

function campaignAt(c: Context<Env>, desk: Desk): Setting<CampaignState> {
  return changeableSetting(desk, "campaign", c.req.param("slug") ?? "");
}

/** The sizes of an item in their order, and in the form's: what is archived stands last. */
function variantsOf({ settings }: Desk, { subject }: Setting<ItemState>): VariantState[] {
  return settings.variant.filter((variant) => variant.subject.startsWith(`${subject}/`)).map(({ state }) => state);
}

/** The sizes that are sold, to be moved; each leads to its line of the form. */
function orderRows({ settings }: Desk, { subject }: Setting<ItemState>): SettingRow[] {
  return settings.variant
    .filter((variant) => variant.subject.startsWith(`${subject}/`))
    .map(({ id, state }, line) => ({
      id,
      name: state.name,
      href: `#v.${line}.name`,
      notes: [],
      chips: [],
      archived: state.archivedOn !== null,
      closes: false,
    }))
    .filter(({ archived }) => !archived);
}

function itemSections(isNew: boolean): Section[] {
  const { fields, hints } = words;
  return [
    {
      questions: [
        { as: "text", name: "name", label: fields.name },
        ...(isNew
          ? [
              {
                as: "short",
                name: "slug",
                label: fields.slug,
                hint: `${settingWords.slugHint} ${hints.slug}`,
              } as const,
            ]
          : []),
        { as: "text", name: "description", label: `${fields.description} (${settingWords.optional})` },
      ],
    },
  ];
}

/** Where errors of single lines lead. */
function lineSections(lines: number): Section[] {
  const names = Array.from({ length: lines }, (_, line) =>
    ["name", "price", "cost", "stock"].map((part) => `v.${line}.${part}`),
  );
  return [{ questions: names.flat().map((name) => ({ as: "text", name, label: "" })) }];
}

function valuesOf(state: ItemState, variants: readonly VariantState[], currency: string): Fields {
  const lines = variants.flatMap(({ slug, name, priceMinor, costMinor, stock, archivedOn }, line) => [
    [`v.${line}.slug`, slug],
    [`v.${line}.name`, name],
    [`v.${line}.price`, typedAmount(priceMinor, exponent(currency))],
    [`v.${line}.cost`, costMinor === null ? "" : typedAmount(costMinor, exponent(currency))],
    [`v.${line}.stock`, stock === null ? "" : String(stock)],
    [`v.${line}.stockWas`, stock === null ? "" : String(stock)],
    [`v.${line}.archived`, archivedOn === null ? "" : "yes"],
  ]);
  return { name: state.name, description: state.description, ...(Object.fromEntries(lines) as Fields) };
}
