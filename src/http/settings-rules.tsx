import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { check, oneLine, type FormErrors, type ReadForm } from "../core/setting-form.ts";
import { mayAdd, settingsFor, type RuleState, type Setting } from "../core/setting.ts";
import { sortingRuleSchema, type Setup } from "../core/setup.ts";
import { changeSettings, previewRule, removeRule, type RulePreview } from "../db/setting.ts";
import { ruleWords as words, settingWords } from "../../web/locales/en/settings.ts";
import { SettingFormPage, SettingListPage } from "../../web/pages/setting.tsx";
import { RulePreviewPart } from "../../web/parts/rule-preview.tsx";
import type { Option, Section } from "../../web/parts/setting-form.tsx";
import { Press } from "../../web/parts/setting-list.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { backTo, changeableSetting, inWords, openDesk, refusedErrors, sortAnew, type Desk } from "./setting-desk.ts";

type Rule = Setup["sortingRules"][number];
const path = "/desk/settings/rules";
const above = [{ href: "/desk/settings", label: settingWords.title }];
const aboveOne = [...above, { href: path, label: settingWords.rooms.rules }];

/** `/desk/settings/rules`: a rule is shown with what it would sort before it is made. */
export function ruleSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change funds");

  app.get(path, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const { staff, settings, frame, notice } = desk;
    const mine = new Set(settingsFor(staff, settings, "sorting rule").map(({ id }) => id));
    const rows = settingsFor(staff, settings, "sorting rule", "see desk").map(({ id, state }) => ({
      id,
      name: `“${state.description}”`,
      href: mine.has(id) ? `${path}/${id}` : null,
      notes: [becomesInWords(desk, state), state.account],
      chips: [],
      archived: false,
      closes: false,
    }));
    return c.html(
      <SettingListPage
        frame={frame}
        title={settingWords.rooms.rules}
        above={above}
        lead={words.lead}
        notice={notice}
        kind="sorting rule"
        rows={rows}
        mayChange={mine.size > 0}
        add={accountsFor(desk).length > 0 ? { href: `${path}/new`, label: words.add } : null}
        empty={words.empty}
      />,
    );
  });

  app.get(`${path}/new`, change, async (c) => await showRule(c, await openDesk(c, deps, frames), null, {}, {}, null));
  app.post(`${path}/new`, change, async (c) => await takeRule(c, await openDesk(c, deps, frames), null));

  app.get(`${path}/:id`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = ruleAt(c, desk);
    return await showRule(c, desk, had, { becomes: choiceOf(had.state) }, {}, null);
  });
  app.post(`${path}/:id`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    return await takeRule(c, desk, ruleAt(c, desk));
  });

  app.post(`${path}/:id/remove`, change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const had = ruleAt(c, desk);
    const written = await removeRule(deps.sql, had.id, desk.staff);
    if (!written.ok)
      return await showRule(c, desk, had, { becomes: choiceOf(had.state) }, refusedErrors(written), null);
    return backTo(c, path, "removed");
  });

  /** First shows what the rule would sort; the same form sent with that count makes it. */
  async function takeRule(c: Context<Env>, desk: Desk, had: Setting<RuleState> | null): Promise<Response> {
    const fields = await readFields(c);
    const read = readRule(fields, desk, had);
    if (!read.ok) return await showRule(c, desk, had, fields, inWords(read.errors, words.fields), null);
    const preview = await previewRule(deps.sql, read.part);
    const count = preview.reduce((sum, { payments }) => sum + payments, 0n);
    const { confirmed } = fields;
    if (confirmed !== String(count)) {
      const errors: FormErrors = confirmed === undefined ? {} : { form: words.changedMeanwhile };
      return await showRule(c, desk, had, fields, errors, preview);
    }
    const written = await changeSettings(deps.sql, { sortingRules: [read.part] }, desk.staff);
    if (!written.ok) return await showRule(c, desk, had, fields, refusedErrors(written), null);
    sortAnew(deps);
    return backTo(c, path, "saved");
  }

  async function showRule(
    c: Context<Env>,
    desk: Desk,
    had: Setting<RuleState> | null,
    values: Fields,
    errors: FormErrors,
    preview: RulePreview[] | null,
  ): Promise<Response> {
    if (Object.keys(errors).length > 0) c.status(422);
    const own = `${path}/${had?.id ?? "new"}`;
    const count = preview?.reduce((sum, { payments }) => sum + payments, 0n) ?? null;
    return await c.html(
      <SettingFormPage
        frame={desk.frame}
        title={had === null ? words.add : `“${had.state.description}”`}
        above={aboveOne}
        notice={null}
        action={own}
        sections={ruleSections(desk, had)}
        values={values}
        formErrors={errors}
        button={count === null ? words.preview : words.confirm(Number(count))}
        back={path}
        more={
          preview === null || count === null ? null : (
            <RulePreviewPart preview={preview} count={String(count)} fundName={(slug) => fundName(desk, slug)} />
          )
        }
      >
        {had === null ? null : (
          <div class="actions">
            <Press action={`${own}/remove`} fields={{}} label={words.removeOf(had.state.description)}>
              {words.remove}
            </Press>
          </div>
        )}
      </SettingFormPage>,
    );
  }

  return app;
}

/** @throws Refused when the address names no rule that this person may change */
function ruleAt(c: Context<Env>, desk: Desk): Setting<RuleState> {
  const id = c.req.param("id") ?? "";
  if (!/^\d{1,18}$/u.test(id)) throw new Refused("not found");
  return changeableSetting(desk, "sorting rule", BigInt(id));
}

function readRule(fields: Fields, desk: Desk, had: Setting<RuleState> | null): ReadForm<Rule> {
  const errors: FormErrors = {};
  const account = had?.state.account ?? oneLine(fields, "account");
  if (had === null && !accountsFor(desk).some(({ value }) => value === account)) errors["account"] = "must be chosen";
  const choice = oneLine(fields, "becomes");
  const fund = /^gift (?<slug>\S+)$/u.exec(choice)?.groups?.["slug"];
  if (!becomesOptions(desk, had).some(({ value }) => value === choice)) errors["becomes"] = "must be chosen";
  // A fund takes gifts through its own accounts only.
  const through = desk.settings.fund.find(({ subject }) => subject === fund)?.state.accounts ?? [];
  if (fund !== undefined && !through.includes(account)) errors["becomes"] = "must be a fund of this account";
  const description = had?.state.description ?? oneLine(fields, "description");
  const isThere = desk.settings["sorting rule"].some(
    ({ state }) => state.account === account && state.description === description,
  );
  if (had === null && isThere) errors["description"] = "must be one that has no rule yet";
  const becomes = fund === undefined ? choice : "gift";
  return check(sortingRuleSchema, { account, description, becomes, ...(fund !== undefined && { fund }) }, errors);
}

function ruleSections(desk: Desk, had: Setting<RuleState> | null): Section[] {
  const { fields, hints } = words;
  const becomes = { as: "radios", name: "becomes", label: fields.becomes, options: becomesOptions(desk, had) } as const;
  if (had !== null) return [{ questions: [{ as: "fixed", label: fields.account, text: had.state.account }, becomes] }];
  return [
    {
      questions: [
        { as: "choice", name: "account", label: fields.account, options: accountsFor(desk) },
        { as: "text", name: "description", label: fields.description, hint: hints.description },
        becomes,
      ],
    },
  ];
}

function accountsFor({ staff, settings }: Desk): Option[] {
  return settings.account
    .filter(({ state }) => state.organisations.some((slug) => mayAdd(staff, settings, "sorting rule", slug)))
    .map(({ subject, state }) => ({ value: subject, label: state.name === "" ? subject : state.name }));
}

/** What a payment can become: a gift to an open fund of the accounts in question, or no gift. */
function becomesOptions(desk: Desk, had: Setting<RuleState> | null): Option[] {
  const accounts = had === null ? accountsFor(desk).map(({ value }) => value) : [had.state.account];
  const funds = desk.settings.fund.filter(
    ({ subject, state }) =>
      (state.archivedOn === null || subject === had?.state.fund) &&
      state.accounts.some((slug) => accounts.includes(slug)),
  );
  return [
    ...funds.map(({ subject, state }) => ({ value: `gift ${subject}`, label: words.gift(state.name) })),
    { value: "other income", label: words.becomes["other income"] },
    { value: "not ours", label: words.becomes["not ours"] },
  ];
}

function choiceOf({ becomes, fund }: RuleState): string {
  return becomes === "gift" ? `gift ${fund ?? ""}` : becomes;
}

function becomesInWords(desk: Desk, { becomes, fund }: RuleState): string {
  return becomes === "gift" ? words.gift(fundName(desk, fund ?? "")) : words.becomes[becomes];
}

function fundName({ settings }: Desk, slug: string): string {
  return settings.fund.find(({ subject }) => subject === slug)?.state.name ?? slug;
}
