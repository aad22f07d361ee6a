import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { may } from "../core/role.ts";
import { ourLanguage, readWording, wordingKeys, wordingLimits, type WordingKey } from "../core/wording.ts";
import { readWordings, writeWords } from "../db/wording.ts";
import { fundWords } from "../../web/locales/en/fund.ts";
import { settingWords, wordingWords as words } from "../../web/locales/en/settings.ts";
import { SettingFormPage } from "../../web/pages/setting.tsx";
import { LanguageChoice } from "../../web/parts/language-choice.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { changedMeanwhile, markOf, openDesk, type Desk } from "./setting-desk.ts";

const path = "/desk/settings/words";

/** What each place says when nothing is written for it. */
const ours: Record<WordingKey, string> = {
  "funds-heading": fundWords.listHeading,
  "funds-lead": fundWords.listLead,
  "shop-lead": fundWords.shopLead,
  "thank-you": words.nothing,
};
const none = Object.fromEntries(wordingKeys.map((key) => [key, ""]));

/**
 * `/desk/settings/words?language=fr`: what a few places of the public pages say, in each language of an organisation. They
 * are everybody's, so only who may change all does.
 */
export function wordSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change settings");

  app.get(path, change, async (c) => {
    requireAll(c);
    const desk = await openDesk(c, deps, frames);
    const language = languageOf(c, desk);
    return await show(c, desk, language, (await readWordings(deps.sql))[language] ?? {}, {});
  });

  app.post(path, change, async (c) => {
    requireAll(c);
    const desk = await openDesk(c, deps, frames);
    const language = languageOf(c, desk);
    const fields = await readFields(c);
    const read = readWording(fields);
    if (!read.ok) {
      const tooLong = read.tooLong.map((key) => [key, words.tooLong(words.fields[key], wordingLimits[key])] as const);
      return await show(c, desk, language, fields, Object.fromEntries(tooLong));
    }
    const had = (await readWordings(deps.sql))[language] ?? {};
    const meanwhile = await changedMeanwhile(fields, await markOf(had), { ...none, ...had }, words.fields);
    if (meanwhile["form"] !== undefined) return await show(c, desk, language, fields, meanwhile);
    await writeWords(deps.sql, language, read.words, c.get("staff"));
    return c.redirect(`${addressOf(language)}&done=saved`, 303);
  });

  async function show(
    c: Context<Env>,
    desk: Desk,
    language: string,
    values: Fields,
    errors: Record<string, string>,
  ): Promise<Response> {
    const failed = Object.keys(errors).length > 0;
    if (failed) c.status(422);
    const questions = wordingKeys.map((key) => ({
      as: "text" as const,
      name: key,
      label: words.fields[key],
      hint: words.now(ours[key]),
    }));
    return await c.html(
      <SettingFormPage
        frame={desk.frame}
        title={settingWords.rooms.words}
        above={[{ href: "/desk/settings", label: settingWords.title }]}
        lead={words.lead}
        before={<LanguageChoice chosen={language} languages={languagesOf(desk)} addressOf={addressOf} />}
        notice={failed ? null : desk.notice}
        action={addressOf(language)}
        sections={[{ questions }]}
        values={Object.fromEntries(wordingKeys.map((key) => [key, values[key] ?? ""]))}
        formErrors={errors}
        back="/desk/settings"
        opened={await markOf((await readWordings(deps.sql))[language] ?? {})}
      />,
    );
  }

  return app;
}

function addressOf(language: string): string {
  return `${path}?language=${language}`;
}

/** The languages of the organisations, ours among them. */
function languagesOf({ settings }: Desk): string[] {
  return [...new Set([ourLanguage, ...settings.organisation.flatMap(({ state }) => state.languages)])];
}

/** The language that the address names. @throws Refused when no organisation has it */
function languageOf(c: Context<Env>, desk: Desk): string {
  const asked = c.req.query("language") ?? ourLanguage;
  if (!languagesOf(desk).includes(asked)) throw new Refused("not found");
  return asked;
}

function requireAll(c: Context<Env>): void {
  if (!may(c.get("staff"), "change settings", {})) throw new Refused("not found");
}
