import { Hono, type Context } from "hono";
import { type CorrectableGift, correctedKinds, type Correction } from "../core/correction.ts";
import type { Fields } from "../core/give.ts";
import { normaliseEmail } from "../core/identity.ts";
import { formatMoney } from "../core/money.ts";
import { placesOf } from "../core/role.ts";
import { type FormErrors, oneLine, type ReadForm } from "../core/setting-form.ts";
import { correctGifts, findCorrectable } from "../db/correction.ts";
import { giftListWords } from "../../web/locales/en/gift-list.ts";
import { correctionWords as words } from "../../web/locales/en/money.ts";
import { SettingPage } from "../../web/pages/setting.tsx";
import { type Option, type Section, SettingErrors, SettingForm } from "../../web/parts/setting-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { type Desk, inWords, openDesk, refusedErrors } from "./setting-desk.ts";

const path = "/desk/gifts/:payment{[0-9]{1,18}}/correct/:part{[\\w-]{1,255}}";

/** `/desk/gifts/:payment/correct/:part`: says what was wrong with a gift. */
export function correctionRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  const keep = guard(deps, "keep money");

  app.get(path, neverKept, keep, async (c) => {
    const [desk, gift] = await Promise.all([openDesk(c, deps, frames), giftAt(c)]);
    return await show(c, desk, gift, { who: "same", plan: "no", kind: gift.kind, request: deps.random() }, {});
  });

  app.post(path, neverKept, keep, async (c) => {
    const [desk, gift] = await Promise.all([openDesk(c, deps, frames), giftAt(c)]);
    const fields = await readFields(c);
    const read = readCorrection(fields, gift);
    if (!read.ok) return await show(c, desk, gift, fields, inWords(read.errors, words.fields));
    const decided = await correctGifts(sql, read.part, desk.staff);
    if (!decided.ok) return await show(c, desk, gift, fields, refusedErrors(decided));
    return c.redirect(`/desk/gifts/${gift.payment}?done=corrected`, 303);
  });

  /** @throws Refused when there is no such gift whose money this person keeps */
  async function giftAt(c: Context<Env>): Promise<CorrectableGift> {
    const named = { payment: BigInt(c.req.param("payment") ?? "0"), part: c.req.param("part") ?? "" };
    const gift = await findCorrectable(sql, placesOf(c.get("staff"), "keep money"), named);
    if (gift === null) throw new Refused("not found");
    return gift;
  }

  async function show(
    c: Context<Env>,
    desk: Desk,
    gift: CorrectableGift,
    values: Record<string, string>,
    errors: Record<string, string>,
  ): Promise<Response> {
    const failed = Object.keys(errors).length > 0;
    if (failed) c.status(422);
    const sections = sectionsOf(desk, gift);
    const { amountMinor, currency } = gift;
    const amount = amountMinor === null ? giftListWords.one.unknownAmount : formatMoney({ amountMinor, currency });
    return await c.html(
      <SettingPage
        frame={desk.frame}
        title={words.title(amount)}
        above={[
          { href: "/desk/gifts", label: giftListWords.title },
          { href: `/desk/gifts/${gift.payment}`, label: `#${gift.payment}` },
        ]}
        lead={words.lead}
        notice={null}
        failed={failed}
        errors={failed ? <SettingErrors errors={errors} sections={sections} /> : null}
      >
        <SettingForm
          action={`/desk/gifts/${gift.payment}/correct/${gift.part}`}
          sections={sections}
          values={values}
          errors={errors}
          button={words.button}
          back={`/desk/gifts/${gift.payment}`}
        >
          <input type="hidden" name="request" value={values["request"] ?? ""} />
        </SettingForm>
      </SettingPage>,
    );
  }

  return app;
}

function sectionsOf({ settings }: Desk, gift: CorrectableGift): Section[] {
  const { fields } = words;
  const asItIs = (now: string | null): Option => ({ value: "", label: words.asItIs(now ?? words.nothing) });
  const funds = settings.fund.filter(
    ({ subject, state }) => state.organisations.includes(gift.organisation ?? "") && subject !== gift.fund,
  );
  const campaigns = settings.campaign.filter(({ subject }) => subject !== gift.campaign);
  const named = (list: readonly { subject: string; state: { name: string } }[]): Option[] =>
    list.map(({ subject, state }) => ({ value: subject, label: state.name }));
  const whose = gift.name ?? gift.email ?? words.nobody;
  return [
    {
      questions: [
        { as: "choice", name: "fund", label: fields["fund"] ?? "", options: [asItIs(gift.fundName), ...named(funds)] },
        {
          as: "choice",
          name: "campaign",
          label: fields["campaign"] ?? "",
          options: [
            asItIs(gift.campaignName),
            ...(gift.campaign === null ? [] : [{ value: "-", label: words.noCampaign }]),
            ...named(campaigns),
          ],
        },
        {
          as: "radios",
          name: "who",
          label: fields["who"] ?? "",
          options: [
            { value: "same", label: words.who.same(whose) },
            { value: "email", label: words.who.email },
            { value: "name", label: words.who.name },
            { value: "nobody", label: words.who.nobody },
          ],
        },
        { as: "text", name: "email", label: fields["email"] ?? "" },
        { as: "text", name: "name", label: fields["name"] ?? "" },
        ...(gift.kind === "order"
          ? []
          : [
              {
                as: "radios" as const,
                name: "kind",
                label: fields["kind"] ?? "",
                options: correctedKinds.map((kind) => ({ value: kind, label: words.kinds[kind] })),
              },
            ]),
        ...(gift.subscription === null
          ? []
          : [
              {
                as: "radios" as const,
                name: "plan",
                label: fields["plan"] ?? "",
                options: [
                  { value: "no", label: words.plan.no },
                  { value: "yes", label: words.plan.yes },
                ],
              },
            ]),
        { as: "text", name: "reason", label: fields["reason"] ?? "" },
      ],
    },
  ];
}

function readCorrection(fields: Fields, gift: CorrectableGift): ReadForm<Correction> {
  const errors: FormErrors = {};
  const said = (name: string): string => oneLine(fields, name);
  const [fund, campaign, who] = [said("fund"), said("campaign"), said("who")];
  const kind = correctedKinds.find((each) => each === said("kind"));
  const email = normaliseEmail(said("email"));
  if (who === "email" && email === null) errors["email"] = "must be an e-mail address";
  if (who === "name" && said("name") === "") errors["name"] = "must not be empty";
  if (said("reason") === "") errors["reason"] = "must not be empty";
  const person =
    who === "email"
      ? { email: email ?? "" }
      : who === "name"
        ? { name: said("name") }
        : who === "nobody"
          ? {}
          : undefined;
  const part: Correction = {
    request: said("request"),
    gifts: [{ payment: gift.payment, part: gift.part }],
    plan: said("plan") === "yes",
    reason: said("reason"),
    ...(fund !== "" && { fund }),
    ...(campaign !== "" && { campaign: campaign === "-" ? "" : campaign }),
    ...(person !== undefined && { person }),
    ...(kind !== undefined && kind !== gift.kind && { kind }),
  };
  if (part.request === "") errors["form"] = "must be opened anew";
  return Object.keys(errors).length === 0 ? { ok: true, part } : { ok: false, errors };
}
