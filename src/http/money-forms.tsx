import { Hono, type Context } from "hono";
import { readEvidence } from "../core/evidence.ts";
import type { Fields } from "../core/give.ts";
import {
  type FormHouse,
  type FormKind,
  formKindOf,
  formSlug,
  readAmount,
  readDay,
  readMove,
  readWho,
} from "../core/money-form.ts";
import type { Evidence } from "../core/money-move.ts";
import { localDay } from "../core/period.ts";
import { may } from "../core/role.ts";
import { type FormErrors, oneLine } from "../core/setting-form.ts";
import { settingsFor, type Settings } from "../core/setting.ts";
import { recordCashGift } from "../db/cash.ts";
import { recordCashSale } from "../db/cash-sale.ts";
import { recordMove } from "../db/money-move.ts";
import type { Written } from "../db/setting.ts";
import { moneyWords as words } from "../../web/locales/en/money.ts";
import { SettingPage } from "../../web/pages/setting.tsx";
import { moneySections, type MoneyChoices } from "../../web/parts/money-questions.ts";
import { SettingErrors, SettingForm } from "../../web/parts/setting-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields, readUpload } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { backTo, type Desk, inWords, openDesk } from "./setting-desk.ts";

/** Whose form comes with a file. */
const withPaper: readonly FormKind[] = ["disbursement", "expense"];

/** `/desk/money/new/:kind`: what is recorded by hand, a form each. */
export function moneyFormRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const keep = guard(deps, "keep money");

  app.get("/desk/money/new/:kind", keep, async (c) => {
    const kind = kindAt(c);
    const desk = await openDesk(c, deps, frames);
    const today = localDay(deps.now(), desk.frame.timeZone);
    const { organisations } = choicesOf(desk);
    const first = organisations.length === 1 ? { organisation: organisations[0]?.value ?? "" } : {};
    const values = { day: today, quantity: "1", owed: "no", paysOver: "no", request: deps.random(), ...first };
    return await show(c, desk, kind, values, {});
  });

  app.post("/desk/money/new/:kind", keep, async (c) => {
    const kind = kindAt(c);
    const desk = await openDesk(c, deps, frames);
    const { fields, evidence, errors } = await readSent(c, kind);
    const house = { ...houseOf(desk), evidence };
    if (oneLine(fields, "request") === "") throw new Refused("not understood");
    const written = await record(kind, fields, desk, house, errors);
    if (Object.keys(errors).length > 0) return await show(c, desk, kind, fields, inWords(errors, labelsOf(desk)));
    if (!written.ok) return await show(c, desk, kind, fields, { form: `${capital(written.refusal)}.` });
    return backTo(c, "/desk/money", "recorded");
  });

  /** Records what was typed, unless something of it is wrong: then `errors` says what. */
  async function record(
    kind: FormKind,
    fields: Fields,
    desk: Desk,
    house: FormHouse,
    errors: FormErrors,
  ): Promise<Written> {
    const nothing: Written = { ok: false, refusal: "" };
    const { sql } = deps;
    const request = oneLine(fields, "request");
    if (kind === "cash gift") {
      const organisation = house.organisations.find(({ slug }) => slug === oneLine(fields, "organisation"));
      const fund = house.funds.find((slug) => slug === oneLine(fields, "fund"));
      if (organisation === undefined) errors["organisation"] = "must be chosen";
      if (fund === undefined) errors["fund"] = "must be chosen";
      const currency = organisation?.currency ?? "CAD";
      const amountMinor = readAmount(fields, "amount", currency, errors);
      const gift = {
        request,
        day: readDay(fields, errors),
        ...readWho(fields, errors),
        note: oneLine(fields, "note") || null,
      };
      if (organisation === undefined || fund === undefined || amountMinor === null || Object.keys(errors).length > 0)
        return nothing;
      return await recordCashGift(
        sql,
        { ...gift, fund, amountMinor, currency, organisation: organisation.slug },
        desk.staff,
      );
    }
    if (kind === "cash sale") {
      const chosen = variantsOf(desk).find(({ value }) => value === oneLine(fields, "campaign"));
      if (chosen === undefined) errors["campaign"] = "must be chosen";
      const quantity = /^[1-9]\d{0,4}$/u.test(oneLine(fields, "quantity")) ? BigInt(oneLine(fields, "quantity")) : null;
      if (quantity === null) errors["quantity"] = "must be a number such as 2";
      const isPriced = oneLine(fields, "amount") === "";
      const amountMinor = isPriced ? null : readAmount(fields, "amount", chosen?.currency ?? "CAD", errors);
      const sale = {
        request,
        day: readDay(fields, errors),
        ...readWho(fields, errors),
        note: oneLine(fields, "note") || null,
      };
      if (chosen === undefined || quantity === null || Object.keys(errors).length > 0) return nothing;
      const [campaign = "", item = "", variant = ""] = chosen.value.split("/");
      return await recordCashSale(sql, { ...sale, campaign, item, variant, quantity, amountMinor }, desk.staff);
    }
    const read = readMove(kind, fields, house);
    if (!read.ok) Object.assign(errors, read.errors);
    if (!read.ok || Object.keys(errors).length > 0) return nothing;
    // A partner's books are written, too: they must be this person's to keep.
    if (
      "partner" in read.part &&
      !house.organisations.some(({ slug }) => "partner" in read.part && slug === read.part.partner)
    ) {
      errors["partner"] = "must be chosen";
      return nothing;
    }
    return await recordMove(sql, read.part, desk.staff);
  }

  async function show(
    c: Context<Env>,
    desk: Desk,
    kind: FormKind,
    values: Record<string, string>,
    errors: Record<string, string>,
  ): Promise<Response> {
    const failed = Object.keys(errors).length > 0;
    if (failed) c.status(422);
    const sections = moneySections(kind, choicesOf(desk));
    return await c.html(
      <SettingPage
        frame={desk.frame}
        title={words.kinds[kind]}
        above={[{ href: "/desk/money", label: words.title }]}
        lead={words.about[kind]}
        notice={null}
        failed={failed}
        errors={failed ? <SettingErrors errors={errors} sections={sections} /> : null}
      >
        <SettingForm
          action={`/desk/money/new/${formSlug(kind)}`}
          sections={sections}
          values={values}
          errors={errors}
          button={words.save}
          back="/desk/money"
          upload={withPaper.includes(kind)}
        >
          <input type="hidden" name="request" value={values["request"] ?? ""} />
        </SettingForm>
      </SettingPage>,
    );
  }

  return app;
}

function kindAt(c: Context<Env>): FormKind {
  const kind = formKindOf(c.req.param("kind") ?? "");
  if (kind === null) throw new Refused("not found");
  return kind;
}

/** The organisations whose money this person keeps, the whole of it. */
function organisationsKept({ staff, settings }: Desk): Settings["organisation"] {
  return settings.organisation.filter(
    ({ id, state }) => state.archivedOn === null && may(staff, "keep money", { organisationId: id }),
  );
}

function fundsKept(desk: Desk): Settings["fund"] {
  const kept = organisationsKept(desk).map(({ subject }) => subject);
  return desk.settings.fund.filter(({ state }) =>
    [...state.organisations, state.generalOf ?? ""].some((slug) => kept.includes(slug)),
  );
}

function houseOf(desk: Desk): Omit<FormHouse, "evidence"> {
  return {
    organisations: organisationsKept(desk).map(({ subject, state }) => ({ slug: subject, currency: state.currency })),
    funds: fundsKept(desk).map(({ subject }) => subject),
  };
}

function choicesOf(desk: Desk): MoneyChoices {
  const named = (list: readonly { subject: string; state: { name: string } }[]) =>
    list.map(({ subject, state }) => ({ value: subject, label: state.name }));
  return {
    organisations: named(organisationsKept(desk)),
    funds: named(fundsKept(desk)),
    variants: variantsOf(desk).map(({ value, label }) => ({ value, label })),
  };
}

/** What can be sold by hand: the value is the variant's path. */
function variantsOf({ staff, settings }: Desk): { value: string; label: string; currency: string }[] {
  return settingsFor(staff, settings, "variant", "keep money").flatMap(({ subject, state }) => {
    const [campaignSlug = "", itemSlug = ""] = subject.split("/");
    const campaign = settings.campaign.find((each) => each.subject === campaignSlug);
    const item = settings.item.find((each) => each.subject === `${campaignSlug}/${itemSlug}`);
    if (campaign === undefined || item === undefined) return [];
    const currency = settings.fund.find((each) => each.subject === campaign.state.fund)?.state.currency ?? "CAD";
    const label = [campaign.state.name, item.state.name, state.name].filter((part) => part !== "").join(" · ");
    return [{ value: subject, label, currency }];
  });
}

/** What a field is called in an error; what is deposited of a fund by the fund's name. */
function labelsOf(desk: Desk): Record<string, string> {
  const deposits = fundsKept(desk).map(({ subject, state }) => [`deposit.${subject}`, state.name]);
  return { ...words.fields, ...Object.fromEntries(deposits) };
}

type Sent = { fields: Fields; evidence: Evidence | null; errors: FormErrors };

async function readSent(c: Context<Env>, kind: FormKind): Promise<Sent> {
  if (!withPaper.includes(kind)) return { fields: await readFields(c), evidence: null, errors: {} };
  const { file, fields } = await readUpload(c, "evidence");
  const read = readEvidence(file.bytes, file.type);
  if (!read.ok) return { fields, evidence: null, errors: { evidence: words.evidenceErrors[read.reason] } };
  if (read.type === null) return { fields, evidence: null, errors: {} };
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file.bytes));
  const id = Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const name = oneLine({ name: file.name }, "name").slice(-200) || "paper";
  return { fields, evidence: { id, type: read.type, name, bytes: file.bytes }, errors: {} };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
