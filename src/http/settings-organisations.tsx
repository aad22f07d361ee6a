import { Hono, type Context } from "hono";
import { may } from "../core/role.ts";
import { readOrganisation } from "../core/setting-form.ts";
import { settingsFor, type OrganisationState, type Setting } from "../core/setting.ts";
import type { Fields } from "../core/give.ts";
import { changeSettings, type DeskDocument } from "../db/setting.ts";
import { organisationWords as words, settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage, SettingListPage } from "../../web/pages/setting.tsx";
import { organisationSections, zonesInWords } from "../../web/parts/organisation-questions.ts";
import { PicturePart } from "../../web/parts/picture-form.tsx";
import { picturedWords } from "../db/picture.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import {
  backTo,
  changeableSetting,
  changedMeanwhile,
  inWords,
  markOf,
  openDesk,
  refusedErrors,
  sortAnew,
} from "./setting-desk.ts";

const organisations = "/desk/settings/organisations";
const above = [{ href: "/desk/settings", label: settingWords.title }];
const aboveOne = [...above, { href: organisations, label: settingWords.rooms.organisations }];

/** `/desk/settings/organisations`. */
export function organisationSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change settings");

  app.get(organisations, async (c) => {
    const { staff, settings, frame, notice } = await openDesk(c, deps, frames);
    const mine = new Set(settingsFor(staff, settings, "organisation").map(({ id }) => id));
    const rows = settingsFor(staff, settings, "organisation", "see desk").map(({ id, subject, state }) => ({
      id,
      name: state.name,
      href: mine.has(id) ? `${organisations}/${subject}` : null,
      notes: [state.legalName, state.currency, ...zonesInWords(state)],
      chips: [],
      archived: state.archivedOn !== null,
      closes: true,
    }));
    const mayAddOne = may(staff, "change settings", {});
    return c.html(
      <SettingListPage
        frame={frame}
        title={settingWords.rooms.organisations}
        above={above}
        lead={settingWords.about.organisations}
        notice={notice}
        kind="organisation"
        rows={rows}
        mayChange={mine.size > 0}
        add={mayAddOne ? { href: `${organisations}/new`, label: words.add } : null}
        empty={words.empty}
      />,
    );
  });

  app.get(`${organisations}/new`, change, async (c) => {
    requireAll(c);
    return await showOrganisation(c, null, emptyOrganisation, {});
  });

  app.post(`${organisations}/new`, change, async (c) => {
    requireAll(c);
    const fields = await readFields(c);
    const read = readOrganisation(fields, null);
    if (!read.ok) return await showOrganisation(c, null, fields, inWords(read.errors, words.fields));
    const { slug, name } = read.part;
    const { settings } = await openDesk(c, deps, frames);
    if (settings.organisation.some(({ subject }) => subject === slug))
      return await showOrganisation(
        c,
        null,
        fields,
        inWords({ slug: "must be one that nothing else has" }, words.fields),
      );
    const account = freeSlug(slug, new Set(settings.account.map(({ subject }) => subject)));
    const general = freeSlug(`${slug}-general`, new Set(settings.fund.map(({ subject }) => subject)));
    const document: DeskDocument = {
      organisations: [read.part],
      accounts: [{ slug: account, organisation: slug }],
      funds: [
        {
          slug: general,
          ...words.generalFund(name),
          accounts: [account],
          generalOf: slug,
          public: true,
          bearsFees: true,
          presetsMinor: [],
        },
      ],
    };
    // The account of a key alone, which has taken payments already perhaps, is this organisation's.
    const waiting = settings.account.find(({ state }) => state.organisations[0] === null);
    if (waiting !== undefined && settings.organisation.length === 0) {
      document.accounts = [{ slug: waiting.subject, organisation: slug }];
      document.funds?.forEach((fund) => (fund.accounts = [waiting.subject]));
    }
    const written = await changeSettings(deps.sql, document, c.get("staff"));
    if (!written.ok) return await showOrganisation(c, null, fields, refusedErrors(written));
    return backTo(c, `${organisations}/${slug}`, "saved");
  });

  app.get(`${organisations}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "organisation", c.req.param("slug") ?? "");
    return await showOrganisation(c, had, organisationValues(had.state), {});
  });

  app.post(`${organisations}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "organisation", c.req.param("slug") ?? "");
    const fields = await readFields(c);
    const read = readOrganisation(fields, had.state);
    if (!read.ok) return await showOrganisation(c, had, fields, inWords(read.errors, words.fields));
    const meanwhile = await changedMeanwhile(
      fields,
      await markOf(had.state),
      organisationValues(had.state),
      words.fields,
    );
    if (meanwhile["form"] !== undefined) return await showOrganisation(c, had, fields, meanwhile);
    const written = await changeSettings(deps.sql, { organisations: [read.part] }, c.get("staff"));
    if (!written.ok) return await showOrganisation(c, had, fields, refusedErrors(written));
    sortAnew(deps);
    return backTo(c, `${organisations}/${had.subject}`, "saved");
  });

  async function showOrganisation(
    c: Context<Env>,
    had: Setting<OrganisationState> | null,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    const { frame, notice } = await openDesk(c, deps, frames);
    if (Object.keys(errors).length > 0) c.status(422);
    const picture = had?.state.picture ?? null;
    const shows = picture === null ? "" : await picturedWords(deps.sql, picture);
    return await c.html(
      <SettingFormPage
        frame={frame}
        title={had?.state.name ?? words.add}
        above={aboveOne}
        {...(had === null ? { lead: words.addLead } : {})}
        notice={Object.keys(errors).length === 0 ? notice : null}
        action={`${organisations}/${had?.subject ?? "new"}`}
        sections={organisationSections(had?.state ?? null)}
        values={values}
        formErrors={errors}
        back={organisations}
        opened={had === null ? undefined : await markOf(had.state)}
      >
        {had === null ? null : (
          <PicturePart path={`${organisations}/${had.subject}`} picture={picture} shows={shows} errors={{}} />
        )}
      </SettingFormPage>,
    );
  }

  return app;
}

/** A new organisation belongs to none, so that only who may change all of them adds one. */
function requireAll(c: Context<Env>): void {
  if (!may(c.get("staff"), "change settings", {})) throw new Refused("not found");
}

const emptyOrganisation: Fields = { currency: "CAD", timeZone: "America/Toronto", startsIn: "1", languages: "en" };

function organisationValues(state: OrganisationState): Fields {
  return {
    name: state.name,
    legalName: state.legalName,
    address: state.address,
    contact: state.contact,
    currency: state.currency,
    timeZone: state.timeZone,
    timeZoneSince: "",
    registrationNumber: state.registrationNumber ?? "",
    accent: state.accent ?? "",
    languages: state.languages.join(", "),
    startsIn: String(state.fiscalYear?.at(-1)?.startsIn ?? 1),
    since: "",
  };
}

function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? slug.slice(0, 60) : `${slug.slice(0, 56)}-${number}`;
    if (!taken.has(tried)) return tried;
  }
}
