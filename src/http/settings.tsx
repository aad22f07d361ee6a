import { Hono, type Context } from "hono";
import { may } from "../core/role.ts";
import { settingsFor, type SettingKind } from "../core/setting.ts";
import { listChangeKinds, listChanges, newestChange } from "../db/change.ts";
import { archiveSetting, moveSetting } from "../db/setting.ts";
import { settingWords as words } from "../../web/locales/en/settings.ts";
import { ChangesPage } from "../../web/pages/changes.tsx";
import { SettingPage, SettingsPage } from "../../web/pages/setting.tsx";
import { ErrorSummary } from "../../web/parts/field.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { backTo, changeableSetting, openDesk, refusedErrors, sortAnew, type Desk } from "./setting-desk.ts";
import { accountSettingRoutes } from "./settings-accounts.tsx";
import { campaignSettingRoutes } from "./settings-campaigns.tsx";
import { fundSettingRoutes } from "./settings-funds.tsx";
import { itemSettingRoutes } from "./settings-items.tsx";
import { organisationSettingRoutes } from "./settings-organisations.tsx";
import { pictureSettingRoutes } from "./settings-pictures.tsx";
import { ruleSettingRoutes } from "./settings-rules.tsx";
import { wordSettingRoutes } from "./settings-words.tsx";

/** Changes on one page. */
const changesShown = 50;

/** The page on which each kind is listed. */
const lists = {
  organisation: "organisations",
  account: "accounts",
  fund: "funds",
  campaign: "campaigns",
  "sorting rule": "rules",
} as const;

/** `/desk/settings/...`: everything that can be set, and the trail of what was changed. */
export function settingRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const see = guard(deps, "see desk");
  app.use("/desk/settings", neverKept, see);
  app.use("/desk/settings/*", neverKept, see);

  app.get("/desk/settings", async (c) => {
    const desk = await openDesk(c, deps, frames);
    const count = (kind: SettingKind): number => settingsFor(desk.staff, desk.settings, kind, "see desk").length;
    const rooms = Object.entries(lists).map(([kind, room]) => ({
      href: `/desk/settings/${room}`,
      label: words.rooms[room],
      about: words.about[room],
      counted: words.counted[room](count(kind as keyof typeof lists)),
    }));
    const changes = {
      href: "/desk/settings/changes",
      label: words.rooms.changes,
      about: words.about.changes,
      counted: null,
    };
    const wording = { href: "/desk/settings/words", label: words.rooms.words, about: words.about.words, counted: null };
    const others = may(desk.staff, "change settings", {}) ? [wording, changes] : [changes];
    return c.html(<SettingsPage frame={desk.frame} notice={desk.notice} rooms={[...rooms, ...others]} />);
  });

  app.get("/desk/settings/changes", async (c) => {
    const { staff, settings, frame } = await openDesk(c, deps, frames);
    const kinds = await listChangeKinds(deps.sql);
    const kind = kinds.find((each) => each === c.req.query("kind")) ?? null;
    const said = c.req.query("before") ?? "";
    const before = /^\d{1,15}$/u.test(said) ? BigInt(said) : null;
    const seesAll = may(staff, "see desk", {});
    const organisations = seesAll
      ? null
      : settingsFor(staff, settings, "organisation", "see desk").map(({ subject }) => subject);
    const [found, seal] = await Promise.all([
      listChanges(deps.sql, { kind, before, organisations, limit: changesShown + 1 }),
      seesAll ? newestChange(deps.sql) : null,
    ]);
    const changes = found.slice(0, changesShown);
    const older = found.length > changesShown ? (changes.at(-1)?.number ?? null) : null;
    return c.html(
      <ChangesPage
        frame={frame}
        changes={changes}
        kinds={kinds}
        kind={kind}
        older={older}
        isFirst={before === null}
        seal={seal}
      />,
    );
  });

  const change = guard(deps, "change funds");

  app.post("/desk/settings/order", change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const fields = await readFields(c);
    const { kind, id, back } = settingIn(desk, fields);
    const { way } = fields;
    if (way !== "up" && way !== "down") throw new Refused("not understood");
    const written = await moveSetting(deps.sql, { kind, id, up: way === "up" }, desk.staff);
    if (!written.ok) return refusedPage(c, desk, back, refusedErrors(written));
    if (kind === "sorting rule") sortAnew(deps);
    return backTo(c, back, "moved");
  });

  app.post("/desk/settings/archive", change, async (c) => {
    const desk = await openDesk(c, deps, frames);
    const fields = await readFields(c);
    const { kind, id, back } = settingIn(desk, fields);
    const archived = fields["archived"] === "yes";
    const isLine = kind === "sorting rule" || kind === "variant";
    if (isLine || (!archived && fields["archived"] !== "no")) throw new Refused("not understood");
    const written = await archiveSetting(deps.sql, { kind, id, archived }, desk.staff);
    if (!written.ok) return refusedPage(c, desk, back, refusedErrors(written));
    sortAnew(deps);
    return backTo(c, back, archived ? "archived" : "opened");
  });

  app.route("/", pictureSettingRoutes(deps, frames));
  app.route("/", organisationSettingRoutes(deps, frames));
  app.route("/", accountSettingRoutes(deps, frames));
  app.route("/", fundSettingRoutes(deps, frames));
  app.route("/", itemSettingRoutes(deps, frames));
  app.route("/", campaignSettingRoutes(deps, frames));
  app.route("/", ruleSettingRoutes(deps, frames));
  app.route("/", wordSettingRoutes(deps, frames));
  return app;
}

/**
 * What a button of a list names, and the page it stands on.
 * @throws Refused when it names nothing that this person may change
 */
function settingIn(
  desk: Desk,
  fields: Readonly<Record<string, string>>,
): { kind: SettingKind; id: bigint; back: string } {
  const { kind = "", id = "" } = fields;
  if (!/^\d{1,18}$/u.test(id)) throw new Refused("not found");
  if (kind === "item") {
    const item = changeableSetting(desk, kind, BigInt(id));
    return { kind, id: item.id, back: `/desk/settings/campaigns/${item.subject.split("/")[0]}` };
  }
  if (kind === "variant") {
    const variant = changeableSetting(desk, kind, BigInt(id));
    const [campaign, item] = variant.subject.split("/");
    return { kind, id: variant.id, back: `/desk/settings/campaigns/${campaign}/items/${item}` };
  }
  if (!isListed(kind)) throw new Refused("not found");
  return { kind, id: changeableSetting(desk, kind, BigInt(id)).id, back: `/desk/settings/${lists[kind]}` };
}

function isListed(kind: string): kind is keyof typeof lists {
  return Object.hasOwn(lists, kind);
}

/** Why a button of a list did nothing. */
function refusedPage(
  c: Context<Env>,
  desk: Desk,
  back: string,
  errors: Record<string, string>,
): Response | Promise<Response> {
  c.status(422);
  return c.html(
    <SettingPage
      frame={desk.frame}
      title={words.title}
      above={[{ href: "/desk/settings", label: words.title }]}
      notice={null}
      failed
      errors={<ErrorSummary errors={errors} targets={{}} />}
    >
      <p class="actions">
        <a class="btn" href={back}>
          {words.goBack}
        </a>
      </p>
    </SettingPage>,
  );
}
