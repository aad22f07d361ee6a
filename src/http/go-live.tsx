import { Hono, type Context } from "hono";
import { nextModes } from "../core/go-live.ts";
import { may } from "../core/role.ts";
import { goLiveWords as words } from "../../web/locales/en/go-live.ts";
import { GoLivePage, type GoLiveForm } from "../../web/pages/go-live.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

const path = "/desk/settings/go-live";

/** `/desk/settings/go-live`: for whoever changes the settings of the whole house, since it takes all of it along. */
export function goLiveRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use(path, neverKept, guard(deps, "change settings"), async (c, next) => {
    if (!may(c.get("staff"), "change settings", {})) throw new Refused("not found");
    await next();
  });

  app.get(path, async (c) => {
    return await show(c, { mode: "", errors: {}, isMade: c.req.query("made") !== undefined });
  });

  app.post(path, async (c) => {
    const { mode = "", confirm, to = "", toOwner = "" } = await readFields(c);
    const wanted = nextModes(deps.mode).find((each) => each === mode);
    const errors: GoLiveForm["errors"] = {
      ...(wanted === undefined && { mode: words.errors.mode }),
      ...(confirm !== "yes" && { confirm: words.errors.confirm }),
    };
    if (wanted === undefined || confirm !== "yes" || deps.goLive === null) return await refuse(c, mode, errors);
    const going = { mode: wanted, to: orNull(to), toOwner: orNull(toOwner) };
    const gone = await deps.goLive(c.get("staff"), going);
    if (!gone.ok) return await refuse(c, mode, { to: words.errors.refused(gone.refusal) });
    if (gone.database === null) return c.redirect(`${path}?made`, 303);
    await deps.keys.serveAnew?.();
    return c.redirect("/sign-in?to=%2Fdesk%2Fstart", 303);
  });

  async function refuse(c: Context<Env>, mode: string, errors: GoLiveForm["errors"]): Promise<Response> {
    c.status(422);
    return await show(c, { mode, errors, isMade: false });
  }

  async function show(c: Context<Env>, form: GoLiveForm): Promise<Response> {
    const frame = await frames.read(c);
    const asksForAddress = deps.goLive === null ? null : deps.hasOwnDatabase;
    return await c.html(<GoLivePage {...{ frame, asksForAddress, form }} modes={nextModes(deps.mode)} />);
  }

  return app;
}

function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}
