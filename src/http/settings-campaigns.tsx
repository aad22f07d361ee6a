import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { exponent } from "../core/money.ts";
import { localDay } from "../core/period.ts";
import { readCampaign, readPromise } from "../core/setting-form.ts";
import { mayAdd, settingsFor, type CampaignState, type Setting } from "../core/setting.ts";
import { picturedWords } from "../db/picture.ts";
import { changeSettings } from "../db/setting.ts";
import { campaignSettingWords as words } from "../../web/locales/en/campaign-settings.ts";
import { settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage, SettingListPage } from "../../web/pages/setting.tsx";
import { CampaignParts } from "../../web/parts/campaign-parts.tsx";
import { campaignSections, promiseSection } from "../../web/parts/fund-questions.ts";
import type { Option } from "../../web/parts/setting-form.tsx";
import { dayInShort } from "../../web/parts/when.ts";
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

const path = "/desk/settings/campaigns";
const above = [{ href: "/desk/settings", label: settingWords.title }];
const aboveOne = [...above, { href: path, label: settingWords.rooms.campaigns }];

/** `/desk/settings/campaigns`, with the promises of each; their items have routes of their own. */
export function campaignSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change funds");

  app.get(path, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const { staff, settings, frame, notice } = desk;
    const mine = new Set(settingsFor(staff, settings, "campaign").map(({ id }) => id));
    const rows = settingsFor(staff, settings, "campaign", "see desk").map(({ id, subject, state }) => ({
      id,
      name: state.name,
      href: mine.has(id) ? `${path}/${subject}` : null,
      notes: [
        `/campaigns/${subject}`,
        settings.fund.find((fund) => fund.subject === state.fund)?.state.name ?? state.fund,
        words.runs(inShort(state.startsOn), inShort(state.endsOn)),
      ].filter((note) => note !== ""),
      chips: [],
      archived: state.archivedOn !== null,
      closes: true,
    }));
    const mayAddOne = choicesFor(desk, null).length > 0;
    return c.html(
      <SettingListPage
        frame={frame}
        title={settingWords.rooms.campaigns}
        above={above}
        lead={settingWords.about.campaigns}
        notice={notice}
        kind="campaign"
        rows={rows}
        mayChange={mine.size > 0}
        add={mayAddOne ? { href: `${path}/new`, label: words.add } : null}
        empty={settings.fund.length === 0 ? words.addFirst : words.empty}
      />,
    );
  });

  app.get(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const today = localDay(deps.now(), desk.frame.timeZone);
    const values = { basis: "net of processing", rateBp: "100", inForceFrom: today };
    return await showCampaign(c, desk, null, values, {});
  });

  app.post(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const fields = await readFields(c);
    const currency = currencyOfFund(desk.settings, (fields["through"] ?? "").split(" ")[0] ?? "");
    const choices = choicesFor(desk, null).map(({ value }) => value);
    const campaign = readCampaign(fields, { had: null, currency, choices });
    const promise = readPromise(fields, currency);
    const errors = { ...(campaign.ok ? {} : campaign.errors), ...(promise.ok ? {} : promise.errors) };
    if (campaign.ok && desk.settings.campaign.some(({ subject }) => subject === campaign.part.slug))
      errors["slug"] = "must be one that no other campaign has";
    if (!campaign.ok || !promise.ok || Object.keys(errors).length > 0)
      return await showCampaign(c, desk, null, fields, inWords(errors, words.fields));
    const { slug } = campaign.part;
    const document = { campaigns: [campaign.part], parts: [{ slug, promise: promise.part }] };
    const written = await changeSettings(deps.sql, document, desk.staff);
    if (!written.ok) return await showCampaign(c, desk, null, fields, refusedErrors(written));
    return backTo(c, `${path}/${slug}`, "saved");
  });

  app.get(`${path}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "campaign", c.req.param("slug") ?? "");
    return await showCampaign(c, desk, had, valuesOf(had.state, currencyOfFund(desk.settings, had.state.fund)), {});
  });

  app.post(`${path}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "campaign", c.req.param("slug") ?? "");
    const fields = await readFields(c);
    const read = readCampaign(fields, {
      had: had.state,
      currency: currencyOfFund(desk.settings, had.state.fund),
      choices: choicesFor(desk, had).map(({ value }) => value),
    });
    if (!read.ok) return await showCampaign(c, desk, had, fields, inWords(read.errors, words.fields));
    const now = valuesOf(had.state, currencyOfFund(desk.settings, had.state.fund));
    const meanwhile = await changedMeanwhile(fields, await markOf(had.state), now, words.fields);
    if (meanwhile["form"] !== undefined) return await showCampaign(c, desk, had, fields, meanwhile);
    const written = await changeSettings(deps.sql, { campaigns: [read.part] }, desk.staff);
    if (!written.ok) return await showCampaign(c, desk, had, fields, refusedErrors(written));
    return backTo(c, `${path}/${had.subject}`, "saved");
  });

  app.get(`${path}/:slug/promise`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "campaign", c.req.param("slug") ?? "");
    const last = promisesOf(desk, had).at(-1)?.state;
    const digits = exponent(currencyOfFund(desk.settings, had.state.fund));
    const values = {
      basis: last?.basis ?? "net of processing",
      rateBp: String((last?.rateBp ?? 10_000) / 100),
      wording: last?.wording ?? "",
      wordedMinor: typedAmount(last?.wordedMinor ?? null, digits),
      inForceFrom: localDay(deps.now(), desk.frame.timeZone),
    };
    return showPromise(c, desk, had, values, {});
  });

  app.post(`${path}/:slug/promise`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "campaign", c.req.param("slug") ?? "");
    const fields = await readFields(c);
    const read = readPromise(fields, currencyOfFund(desk.settings, had.state.fund));
    if (!read.ok) return showPromise(c, desk, had, fields, inWords(read.errors, words.fields));
    const document = { parts: [{ slug: had.subject, promise: read.part }] };
    const written = await changeSettings(deps.sql, document, desk.staff);
    if (!written.ok) return showPromise(c, desk, had, fields, refusedErrors(written));
    return backTo(c, `${path}/${had.subject}`, "saved");
  });

  async function showCampaign(
    c: Context<Env>,
    desk: Desk,
    had: Setting<CampaignState> | null,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    if (Object.keys(errors).length > 0) c.status(422);
    const picture = had?.state.picture ?? null;
    const shows = picture === null ? "" : await picturedWords(deps.sql, picture);
    const sections = campaignSections(had?.state ?? null, choicesFor(desk, had));
    return await c.html(
      <SettingFormPage
        frame={desk.frame}
        title={had?.state.name ?? words.add}
        above={aboveOne}
        notice={Object.keys(errors).length === 0 ? desk.notice : null}
        action={`${path}/${had?.subject ?? "new"}`}
        sections={had === null ? [...sections, promiseSection(words.headings.promise)] : sections}
        values={values}
        formErrors={errors}
        back={path}
        opened={had === null ? undefined : await markOf(had.state)}
      >
        {had === null ? null : (
          <CampaignParts
            path={`${path}/${had.subject}`}
            campaign={had}
            currency={currencyOfFund(desk.settings, had.state.fund)}
            items={settingsFor(desk.staff, desk.settings, "item").filter(({ subject }) =>
              subject.startsWith(`${had.subject}/`),
            )}
            variants={desk.settings.variant}
            promises={promisesOf(desk, had)}
            picture={picture}
            shows={shows}
          />
        )}
      </SettingFormPage>,
    );
  }

  function showPromise(
    c: Context<Env>,
    desk: Desk,
    had: Setting<CampaignState>,
    values: Fields,
    errors: Record<string, string>,
  ): Response | Promise<Response> {
    if (Object.keys(errors).length > 0) c.status(422);
    const own = `${path}/${had.subject}`;
    return c.html(
      <SettingFormPage
        frame={desk.frame}
        title={words.promiseAdd}
        above={[...aboveOne, { href: own, label: had.state.name }]}
        lead={words.promiseLead}
        notice={null}
        action={`${own}/promise`}
        sections={[promiseSection()]}
        values={values}
        formErrors={errors}
        back={own}
      />,
    );
  }

  return app;
}

function promisesOf({ settings }: Desk, { subject }: Setting<CampaignState>) {
  return settings.promise.filter((promise) => promise.subject.startsWith(`${subject} version `));
}

/** The pairs of fund and account that a campaign may have: open ones the person may sell for, and its own. */
function choicesFor({ staff, settings }: Desk, had: Setting<CampaignState> | null): Option[] {
  return settings.fund.flatMap((fund) =>
    fund.state.accounts.flatMap((slug) => {
      const value = `${fund.subject} ${slug}`;
      const account = settings.account.find(({ subject }) => subject === slug);
      const isOwn = had !== null && value === `${had.state.fund} ${had.state.account}`;
      const isOpen = fund.state.archivedOn === null && account?.state.archivedOn === null;
      const mayUse =
        account?.state.organisations.some((organisation) => mayAdd(staff, settings, "campaign", organisation)) === true;
      if (!isOwn && !(isOpen && mayUse)) return [];
      const organisation = settings.organisation.find(({ subject }) => subject === account?.state.organisations[0]);
      return [{ value, label: words.through(fund.state.name, organisation?.state.name ?? slug) }];
    }),
  );
}

function valuesOf(state: CampaignState, currency: string): Fields {
  return {
    name: state.name,
    through: `${state.fund} ${state.account}`,
    description: state.description,
    remark: state.remark ?? "",
    startsOn: state.startsOn ?? "",
    endsOn: state.endsOn ?? "",
    shippingMinor: typedAmount(state.shippingMinor, exponent(currency)),
  };
}

function inShort(day: string | null): string | null {
  return day === null ? null : dayInShort(day);
}
