import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { may } from "../core/role.ts";
import { readWording, wordingKeys, wordingLimits, type WordingKey } from "../core/wording.ts";
import { readWords, writeWords } from "../db/wording.ts";
import { fundWords } from "../../web/locales/en/fund.ts";
import { settingWords, wordingWords as words } from "../../web/locales/en/settings.ts";
import { SettingFormPage } from "../../web/pages/setting.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { backTo, changedMeanwhile, markOf, openDesk } from "./setting-desk.ts";

const path = "/desk/settings/words";

/** What each place says when nothing is written for it. */
const ours: Record<WordingKey, string> = {
  "funds-heading": fundWords.listHeading,
  "funds-lead": fundWords.listLead,
  "shop-lead": fundWords.shopLead,
  "thank-you": words.nothing,
};

const none = Object.fromEntries(wordingKeys.map((key) => [key, ""]));

/** `/desk/settings/words`: what a few places of the public pages say. They are everybody's, so only who may change all does. */
export function wordSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const change = guard(deps, "change settings");

  app.get(path, change, async (c) => {
    requireAll(c);
    return await show(c, await readWords(deps.sql), {});
  });

  app.post(path, change, async (c) => {
    requireAll(c);
    const fields = await readFields(c);
    const read = readWording(fields);
    if (!read.ok) {
      const tooLong = read.tooLong.map((key) => [key, words.tooLong(words.fields[key], wordingLimits[key])] as const);
      return await show(c, fields, Object.fromEntries(tooLong));
    }
    const had = await readWords(deps.sql);
    const meanwhile = await changedMeanwhile(fields, await markOf(had), { ...none, ...had }, words.fields);
    if (meanwhile["form"] !== undefined) return await show(c, fields, meanwhile);
    await writeWords(deps.sql, read.words, c.get("staff"));
    return backTo(c, path, "saved");
  });

  async function show(c: Context<Env>, values: Fields, errors: Record<string, string>): Promise<Response> {
    const { frame, notice } = await openDesk(c, deps, frames);
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
        frame={frame}
        title={settingWords.rooms.words}
        above={[{ href: "/desk/settings", label: settingWords.title }]}
        lead={words.lead}
        notice={failed ? null : notice}
        action={path}
        sections={[{ questions }]}
        values={Object.fromEntries(wordingKeys.map((key) => [key, values[key] ?? ""]))}
        formErrors={errors}
        back="/desk/settings"
        opened={await markOf(await readWords(deps.sql))}
      />,
    );
  }

  return app;
}

function requireAll(c: Context<Env>): void {
  if (!may(c.get("staff"), "change settings", {})) throw new Refused("not found");
}
