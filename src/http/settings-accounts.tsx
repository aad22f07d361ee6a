import { Hono, type Context } from "hono";
import { readAccount } from "../core/setting-form.ts";
import { mayAdd, settingsFor, type AccountState, type Setting } from "../core/setting.ts";
import type { Fields } from "../core/give.ts";
import { changeSettings } from "../db/setting.ts";
import { accountWords, settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage, SettingListPage } from "../../web/pages/setting.tsx";
import { accountSections } from "../../web/parts/organisation-questions.ts";
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
} from "./setting-desk.ts";

const accounts = "/desk/settings/accounts";
const above = [{ href: "/desk/settings", label: settingWords.title }];
const aboveAccount = [...above, { href: accounts, label: settingWords.rooms.accounts }];

/** `/desk/settings/accounts`. */
export function accountSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change settings");

  app.get(accounts, async (c) => {
    const { staff, settings, frame, notice } = await openDesk(c, deps, frames);
    const mine = new Set(settingsFor(staff, settings, "account").map(({ id }) => id));
    const rows = settingsFor(staff, settings, "account", "see desk").map(({ id, subject, state }) => ({
      id,
      name: state.name === "" ? subject : state.name,
      href: mine.has(id) ? `${accounts}/${subject}` : null,
      notes: [
        settings.organisation.find((one) => one.subject === state.organisations[0])?.state.name ?? "",
        accountWords.door(subject),
        ...(state.stripeAccount === null ? [] : [state.stripeAccount]),
      ].filter((note) => note !== ""),
      chips: [],
      archived: state.archivedOn !== null,
      closes: true,
    }));
    const choices = settings.organisation.filter(({ subject }) => mayAdd(staff, settings, "account", subject));
    return c.html(
      <SettingListPage
        frame={frame}
        title={settingWords.rooms.accounts}
        above={above}
        lead={settingWords.about.accounts}
        notice={notice}
        kind="account"
        rows={rows}
        mayChange={mine.size > 0}
        add={choices.length === 0 ? null : { href: `${accounts}/new`, label: accountWords.add }}
        empty={accountWords.empty}
      />,
    );
  });

  app.get(`${accounts}/new`, change, async (c) => await showAccount(c, null, {}, {}));

  app.post(`${accounts}/new`, change, async (c) => {
    const fields = await readFields(c);
    const { staff, settings } = await openDesk(c, deps, frames);
    const read = readAccount(fields, null);
    const errors = read.ok ? {} : read.errors;
    if (!mayAdd(staff, settings, "account", fields["organisation"] ?? "")) errors["organisation"] = "must be chosen";
    if (read.ok && settings.account.some(({ subject }) => subject === read.part.slug))
      errors["slug"] = "must be one that nothing else has";
    if (!read.ok || Object.keys(errors).length > 0)
      return await showAccount(c, null, fields, inWords(errors, accountWords.fields));
    const written = await changeSettings(deps.sql, { accounts: [read.part] }, staff);
    if (!written.ok) return await showAccount(c, null, fields, refusedErrors(written));
    return backTo(c, accounts, "saved");
  });

  app.get(`${accounts}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "account", c.req.param("slug") ?? "");
    return await showAccount(c, had, accountValues(had.state), {});
  });

  app.post(`${accounts}/:slug`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = changeableSetting(desk, "account", c.req.param("slug") ?? "");
    const fields = await readFields(c);
    const read = readAccount(fields, { slug: had.subject, organisation: had.state.organisations[0] ?? "" });
    if (!read.ok) return await showAccount(c, had, fields, inWords(read.errors, accountWords.fields));
    const meanwhile = await changedMeanwhile(
      fields,
      await markOf(had.state),
      accountValues(had.state),
      accountWords.fields,
    );
    if (meanwhile["form"] !== undefined) return await showAccount(c, had, fields, meanwhile);
    const written = await changeSettings(deps.sql, { accounts: [read.part] }, desk.staff);
    if (!written.ok) return await showAccount(c, had, fields, refusedErrors(written));
    return backTo(c, accounts, "saved");
  });

  async function showAccount(
    c: Context<Env>,
    had: Setting<AccountState> | null,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    const { staff, settings, frame, notice } = await openDesk(c, deps, frames);
    const choices = settings.organisation
      .filter(({ subject, state }) => state.archivedOn === null && mayAdd(staff, settings, "account", subject))
      .map(({ subject, state }) => ({ value: subject, label: state.name }));
    if (Object.keys(errors).length > 0) c.status(422);
    return await c.html(
      <SettingFormPage
        frame={frame}
        title={had === null ? accountWords.add : had.state.name || had.subject}
        above={aboveAccount}
        notice={Object.keys(errors).length === 0 ? notice : null}
        action={`${accounts}/${had?.subject ?? "new"}`}
        sections={accountSections(had, choices)}
        values={values}
        formErrors={errors}
        back={accounts}
        opened={had === null ? undefined : await markOf(had.state)}
      />,
    );
  }

  return app;
}

function accountValues({ name, settlesIn }: AccountState): Fields {
  return { name, settlesIn: settlesIn.join(", ") };
}
