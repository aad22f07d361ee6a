import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { readDay } from "../core/money-form.ts";
import { formatMoney, parseAmount } from "../core/money.ts";
import { isDay } from "../core/period.ts";
import type { Opening, OpeningLine } from "../core/opening.ts";
import { may } from "../core/role.ts";
import { type FormErrors, oneLine, type ReadForm } from "../core/setting-form.ts";
import type { OrganisationState, Setting } from "../core/setting.ts";
import { beginBooks, readAtStripe } from "../db/opening.ts";
import { openingWords as words } from "../../web/locales/en/opening.ts";
import { moneyWords } from "../../web/locales/en/money.ts";
import { SettingPage } from "../../web/pages/setting.tsx";
import { type Question, type Section, SettingErrors, SettingForm } from "../../web/parts/setting-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { backTo, type Desk, inWords, openDesk, refusedErrors, sortAnew } from "./setting-desk.ts";

/** Where a fund can have something, beside Stripe. */
const places = ["1000", "1010", "1050"] as const;

/** `/desk/money/opening/:organisation`: when the books of an organisation begin, and with what. */
export function openingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  const keep = guard(deps, "keep money");

  app.get("/desk/money/opening/:organisation", keep, async (c) => {
    const desk = await openDesk(c, deps, frames);
    return await show(c, desk, organisationAt(c, desk), { request: deps.random() }, {});
  });

  app.post("/desk/money/opening/:organisation", keep, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const organisation = organisationAt(c, desk);
    const fields = await readFields(c);
    const read = readOpening(fields, desk, organisation);
    if (!read.ok) return await show(c, desk, organisation, fields, inWords(read.errors, labelsOf(desk, organisation)));
    const written = await beginBooks(sql, read.part, desk.staff);
    if (!written.ok) return await show(c, desk, organisation, fields, refusedErrors(written));
    // What the new day changes is posted by the drain.
    sortAnew(deps);
    return backTo(c, "/desk/money", "begun");
  });

  async function show(
    c: Context<Env>,
    desk: Desk,
    organisation: Setting<OrganisationState>,
    values: Record<string, string>,
    errors: Record<string, string>,
  ): Promise<Response> {
    const failed = Object.keys(errors).length > 0;
    if (failed) c.status(422);
    const sections = sectionsOf(desk, organisation);
    const { day: typed = "" } = values;
    const day = isDay(typed) ? typed : null;
    const atStripe = await readAtStripe(sql, organisation.id, day);
    return await c.html(
      <SettingPage
        frame={desk.frame}
        title={words.title(organisation.state.name)}
        above={[{ href: "/desk/money", label: moneyWords.title }]}
        lead={words.lead}
        notice={null}
        failed={failed}
        errors={failed ? <SettingErrors errors={errors} sections={sections} /> : null}
      >
        {atStripe.map(({ account, currency, amountMinor }) => (
          <p class="panel">{words.atStripe(account, formatMoney({ amountMinor, currency }), day)}</p>
        ))}
        <SettingForm
          action={`/desk/money/opening/${organisation.subject}`}
          sections={sections}
          values={values}
          errors={errors}
          button={words.save}
          back="/desk/money"
        >
          <input type="hidden" name="request" value={values["request"] ?? ""} />
        </SettingForm>
      </SettingPage>,
    );
  }

  return app;
}

/** @throws Refused when the address names no organisation whose money this person keeps */
function organisationAt(c: Context<Env>, { staff, settings }: Desk): Setting<OrganisationState> {
  const slug = c.req.param("organisation");
  const found = settings.organisation.find(({ subject }) => subject === slug);
  if (found === undefined || !may(staff, "keep money", { organisationId: found.id })) throw new Refused("not found");
  return found;
}

type Asked = { name: string; label: string; fund: string; code: OpeningLine["code"]; account: string | null };

/** What is asked of each fund: bank, cash box, undeposited cash, and each Stripe account of the organisation. */
function askedOf({ settings }: Desk, { subject }: Setting<OrganisationState>): { fund: string; asked: Asked[] }[] {
  const accounts = settings.account.filter(({ state }) => state.organisations.includes(subject));
  const funds = settings.fund.filter(
    ({ state }) => state.organisations.includes(subject) || state.generalOf === subject,
  );
  return funds.map(({ subject: fund, state }) => ({
    fund: state.name,
    asked: [
      ...places.map((code) => ({ name: `${code}.${fund}`, label: words.places[code], fund, code, account: null })),
      ...accounts.map((account) => ({
        name: `1100.${fund}.${account.subject}`,
        label: words.stripe(account.state.name || account.subject),
        fund,
        code: "1100" as const,
        account: account.subject,
      })),
    ],
  }));
}

function sectionsOf(desk: Desk, organisation: Setting<OrganisationState>): Section[] {
  return [
    { questions: [{ as: "day", name: "day", label: words.day, hint: words.dayHint }] },
    ...askedOf(desk, organisation).map(({ fund, asked }) => ({
      heading: fund,
      questions: asked.map(({ name, label }): Question => ({ as: "money", name, label })),
    })),
  ];
}

function labelsOf(desk: Desk, organisation: Setting<OrganisationState>): Record<string, string> {
  const asked = askedOf(desk, organisation).flatMap(({ fund, asked }) =>
    asked.map(({ name, label }) => [name, `${fund}: ${label}`]),
  );
  return { day: words.day, form: words.form, ...Object.fromEntries(asked) };
}

/** Amounts may be below zero: a fund can owe the bank or Stripe. */
function readOpening(fields: Fields, desk: Desk, organisation: Setting<OrganisationState>): ReadForm<Opening> {
  const errors: FormErrors = {};
  const request = oneLine(fields, "request");
  if (request === "") errors["form"] = "must be opened anew";
  const lines = askedOf(desk, organisation)
    .flatMap(({ asked }) => asked)
    .flatMap(({ name, fund, code, account }): OpeningLine[] => {
      const typed = oneLine(fields, name);
      if (typed === "") return [];
      const isBelow = /^[-−]/u.test(typed);
      const parsed = parseAmount(typed.replace(/^[-−]\s*/u, ""), organisation.state.currency);
      if (!parsed.ok) {
        errors[name] = "must be an amount such as 25 or 25.50";
        return [];
      }
      return [{ code, fund, account, currency: null, amountMinor: isBelow ? -parsed.amountMinor : parsed.amountMinor }];
    });
  const part = { request, organisation: organisation.subject, day: readDay(fields, errors), lines };
  return Object.keys(errors).length === 0 ? { ok: true, part } : { ok: false, errors };
}
