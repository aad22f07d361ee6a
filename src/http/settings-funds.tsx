import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { exponent } from "../core/money.ts";
import { readFund, oneLine } from "../core/setting-form.ts";
import { mayAdd, settingsFor, type AccountState, type FundState, type Setting } from "../core/setting.ts";
import { picturedWords } from "../db/picture.ts";
import { changeSettings, renameFund } from "../db/setting.ts";
import { formatMoney } from "../core/money.ts";
import { fundSettingWords as words, settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage, SettingListPage } from "../../web/pages/setting.tsx";
import { fundSections, renameSections } from "../../web/parts/fund-questions.ts";
import { PicturePart } from "../../web/parts/picture-form.tsx";
import { SettingForm, type Option } from "../../web/parts/setting-form.tsx";
import type { Deps, Env } from "./deps.ts";
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
  typedAmount,
  type Desk,
} from "./setting-desk.ts";

const path = "/desk/settings/funds";
const above = [{ href: "/desk/settings", label: settingWords.title }];
const aboveOne = [...above, { href: path, label: settingWords.rooms.funds }];

/** `/desk/settings/funds`. */
export function fundSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change funds");

  app.get(path, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const { staff, settings, frame, notice } = desk;
    const mine = new Set(settingsFor(staff, settings, "fund").map(({ id }) => id));
    const rows = settingsFor(staff, settings, "fund", "see desk").map(({ id, subject, state }) => ({
      id,
      name: state.name,
      href: mine.has(id) ? `${path}/${subject}` : null,
      notes: notesOf(desk, subject, state),
      chips: [
        ...(state.generalOf === null ? [] : [words.general]),
        ...(state.public ? [] : [words.hidden]),
        ...(state.lasting ? [] : [words.oneTime]),
      ],
      archived: state.archivedOn !== null,
      closes: state.generalOf === null,
    }));
    const mayAddOne = accountsFor(desk, null).length > 0;
    return c.html(
      <SettingListPage
        frame={frame}
        title={settingWords.rooms.funds}
        above={above}
        lead={settingWords.about.funds}
        notice={notice}
        kind="fund"
        rows={rows}
        mayChange={mine.size > 0}
        add={mayAddOne ? { href: `${path}/new`, label: words.add } : null}
        empty={settings.account.length === 0 ? words.addFirst : words.empty}
      />,
    );
  });

  app.get(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const [first] = accountsFor(desk, null);
    const values = { lasting: "yes", public: "yes", bearsFees: "yes", receives: first?.value ?? "" };
    return await showFund(c, desk, null, values, {});
  });

  app.post(`${path}/new`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const fields = await readFields(c);
    const choices = accountsFor(desk, null).map(({ value }) => value);
    const read = readFund(fields, { had: null, currency: currencyOf(desk, oneLine(fields, "receives")), choices });
    if (!read.ok) return await showFund(c, desk, null, fields, inWords(read.errors, words.fields));
    if (desk.settings.fund.some(({ subject }) => subject === read.part.slug))
      return await showFund(
        c,
        desk,
        null,
        fields,
        inWords({ slug: "must be one that no other fund has" }, words.fields),
      );
    const written = await changeSettings(deps.sql, { funds: [read.part] }, desk.staff);
    if (!written.ok) return await showFund(c, desk, null, fields, refusedErrors(written));
    sortAnew(deps);
    return backTo(c, `${path}/${read.part.slug}`, "saved");
  });

  app.get(`${path}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "fund", c.req.param("slug") ?? "");
    return await showFund(c, desk, had, valuesOf(had.state), {});
  });

  app.post(`${path}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "fund", c.req.param("slug") ?? "");
    const fields = await readFields(c);
    const choices = accountsFor(desk, had).map(({ value }) => value);
    const read = readFund(fields, { had: had.state, currency: had.state.currency, choices });
    if (!read.ok) return await showFund(c, desk, had, fields, inWords(read.errors, words.fields));
    const meanwhile = await changedMeanwhile(fields, await markOf(had.state), valuesOf(had.state), words.fields);
    if (meanwhile["form"] !== undefined) return await showFund(c, desk, had, fields, meanwhile);
    const written = await changeSettings(deps.sql, { funds: [read.part] }, desk.staff);
    if (!written.ok) return await showFund(c, desk, had, fields, refusedErrors(written));
    sortAnew(deps);
    return backTo(c, `${path}/${had.subject}`, "saved");
  });

  app.post(`${path}/:slug/address`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "fund", c.req.param("slug") ?? "");
    const slug = oneLine(await readFields(c), "slug");
    const values = valuesOf(had.state);
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(slug) || slug.length > 60) {
      const errors = inWords(
        { slug: "must be up to 60 lower-case letters and digits, words joined by hyphens" },
        words.fields,
      );
      return await showFund(c, desk, had, { ...values, slug }, errors);
    }
    const written = await renameFund(deps.sql, had.id, slug, desk.staff);
    if (!written.ok) {
      const errors = { slug: refusedErrors(written)["form"] ?? "" };
      return await showFund(c, desk, had, { ...values, slug }, errors);
    }
    sortAnew(deps);
    return backTo(c, `${path}/${slug}`, "saved");
  });

  async function showFund(
    c: Context<Env>,
    desk: Desk,
    had: Setting<FundState> | null,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    if (Object.keys(errors).length > 0) c.status(422);
    const picture = had?.state.picture ?? null;
    const shows = picture === null ? "" : await picturedWords(deps.sql, picture);
    const sections = fundSections(had?.state ?? null, accountsFor(desk, had));
    const own = `${path}/${had?.subject ?? "new"}`;
    return await c.html(
      <SettingFormPage
        frame={desk.frame}
        title={had?.state.name ?? words.add}
        above={aboveOne}
        notice={Object.keys(errors).length === 0 ? desk.notice : null}
        action={own}
        sections={sections}
        values={values}
        formErrors={errors}
        moreSections={had === null ? [] : renameSections}
        back={path}
        opened={had === null ? undefined : await markOf(had.state)}
      >
        {had === null ? null : (
          <>
            {had.state.public && had.state.archivedOn === null ? (
              <p class="actions">
                <a class="btn quiet" href={`/funds/${had.subject}`}>
                  {words.see}
                </a>
              </p>
            ) : null}
            <PicturePart path={own} picture={picture} shows={shows} errors={{}} />
            <section aria-labelledby="address-heading">
              <h2 id="address-heading">{words.renameHeading}</h2>
              <SettingForm
                action={`${own}/address`}
                sections={renameSections}
                values={{ slug: values["slug"] ?? had.subject }}
                errors={errors}
                button={words.rename}
                quiet
              />
            </section>
          </>
        )}
      </SettingFormPage>,
    );
  }

  return app;
}

/** The accounts that a fund may be paid into: those of the person's organisations, and what it has already. */
function accountsFor({ staff, settings }: Desk, had: Setting<FundState> | null): Option[] {
  return settings.account
    .filter(
      ({ subject, state }) =>
        had?.state.accounts.includes(subject) === true ||
        (state.archivedOn === null && state.organisations.some((slug) => mayAdd(staff, settings, "fund", slug))),
    )
    .map(({ subject, state }) => {
      const organisation = settings.organisation.find((one) => one.subject === state.organisations[0])?.state.name;
      if (organisation !== undefined && isOnly(settings, state)) return { value: subject, label: organisation };
      const name = state.name === "" ? subject : state.name;
      return { value: subject, label: organisation === undefined ? name : `${organisation} (${name})` };
    });
}

/** Whether its organisation has no other account, so that the organisation's name says which one it is. */
function isOnly({ account }: Desk["settings"], { organisations: [slug] }: AccountState): boolean {
  return account.filter(({ state }) => state.organisations[0] === slug).length === 1;
}

function currencyOf({ settings }: Desk, account: string): string {
  const organisation = settings.account.find(({ subject }) => subject === account)?.state.organisations[0];
  return settings.organisation.find(({ subject }) => subject === organisation)?.state.currency ?? "CAD";
}

function notesOf({ settings }: Desk, slug: string, state: FundState): string[] {
  const names = state.organisations.map(
    (organisation) => settings.organisation.find(({ subject }) => subject === organisation)?.state.name ?? organisation,
  );
  const goal =
    state.goalMinor === null
      ? []
      : [
          `${words.fields.goalMinor} ${formatMoney({ amountMinor: BigInt(state.goalMinor), currency: state.currency })}`,
        ];
  return [`/funds/${slug}`, names.join(", "), ...goal];
}

function valuesOf(state: FundState): Fields {
  const digits = exponent(state.currency);
  const yes = (is: boolean): string => (is ? "yes" : "no");
  return {
    name: state.name,
    description: state.description,
    restriction: state.restriction,
    remark: state.remark ?? "",
    presetsMinor: state.presetsMinor.map((minor) => typedAmount(minor, digits)).join(" "),
    goalMinor: typedAmount(state.goalMinor, digits),
    lasting: yes(state.lasting),
    public: yes(state.public),
    bearsFees: yes(state.bearsFees),
    receives: state.accounts[0] ?? "",
    ...Object.fromEntries(state.accounts.map((account) => [`account.${account}`, "yes"])),
  };
}
