import { Hono, type Context } from "hono";
import { readPicture } from "../core/picture.ts";
import { deedFor, type SettingKind } from "../core/setting.ts";
import { picturedWords, showPicture } from "../db/picture.ts";
import { pictureWords as words, settingWords } from "../../web/locales/en/settings.ts";
import { SettingPage } from "../../web/pages/setting.tsx";
import { PicturePart, pictureSections } from "../../web/parts/picture-form.tsx";
import { SettingErrors } from "../../web/parts/setting-form.tsx";
import type { Deps, Env } from "./deps.ts";
import { readUpload } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { backTo, changeableSetting, openDesk, refusedErrors } from "./setting-desk.ts";

type Pictured = Extract<SettingKind, "organisation" | "fund" | "campaign" | "item">;

const places: [Pictured, string][] = [
  ["organisation", "/desk/settings/organisations/:slug"],
  ["fund", "/desk/settings/funds/:slug"],
  ["campaign", "/desk/settings/campaigns/:slug"],
  ["item", "/desk/settings/campaigns/:slug/items/:item"],
];

/** `POST .../picture` and `.../picture/remove` of whatever has a picture. */
export function pictureSettingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  for (const [kind, page] of places) {
    const change = guard(deps, deedFor[kind]);

    app.post(`${page}/picture`, change, async (c) => {
      const desk = await openDesk(c, deps, frames);
      const setting = changeableSetting(desk, kind, subjectOf(c));
      const { file, fields } = await readUpload(c, "picture");
      const shows = (fields["shows"] ?? "")
        .normalize("NFC")
        .replace(/[\p{Cc}]+/gu, " ")
        .trim()
        .slice(0, 200);
      const read = readPicture(file.bytes, file.type);
      const errors: Record<string, string> = {};
      if (!read.ok) errors["picture"] = words.errors[read.reason];
      if (shows === "") errors["shows"] = words.showsMissing;
      if (read.ok && shows !== "") {
        const id = await nameOf(file.bytes, shows);
        const kept = { picture: { ...read.picture, id, shows }, bytes: file.bytes };
        const written = await showPicture(deps.sql, { kind, id: setting.id }, kept, desk.staff);
        if (written.ok) return backTo(c, pageOf(c), "pictured");
        Object.assign(errors, refusedErrors(written));
      }
      c.status(422);
      const { picture, name } = setting.state;
      return await c.html(
        <SettingPage
          frame={desk.frame}
          title={name}
          above={[
            { href: "/desk/settings", label: settingWords.title },
            { href: pageOf(c), label: name },
          ]}
          notice={null}
          failed
          errors={<SettingErrors errors={errors} sections={pictureSections} />}
        >
          <PicturePart
            path={pageOf(c)}
            picture={picture}
            shows={picture === null ? "" : await picturedWords(deps.sql, picture)}
            errors={errors}
            typed={shows}
          />
        </SettingPage>,
      );
    });

    app.post(`${page}/picture/remove`, change, async (c) => {
      const desk = await openDesk(c, deps, frames);
      const setting = changeableSetting(desk, kind, subjectOf(c));
      await showPicture(deps.sql, { kind, id: setting.id }, null, desk.staff);
      return backTo(c, pageOf(c), "unpictured");
    });
  }
  return app;
}

function subjectOf(c: Context<Env>): string {
  const { slug = "", item } = c.req.param() as { slug?: string; item?: string };
  return item === undefined ? slug : `${slug}/${item}`;
}

/** The page that the form stands on. */
function pageOf(c: Context<Env>): string {
  return new URL(c.req.url).pathname.replace(/\/picture(?:\/remove)?$/u, "");
}

/** A picture is named by its content and its words, so that its address can be kept for ever. */
async function nameOf(bytes: Uint8Array<ArrayBuffer>, shows: string): Promise<string> {
  const words = new TextEncoder().encode(`${shows}\n`);
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...words, ...bytes]));
  return Array.from(new Uint8Array(digest).slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
