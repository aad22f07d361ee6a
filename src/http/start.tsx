import { Hono } from "hono";
import { startSteps, type StartStep } from "../core/start.ts";
import { listAccounts } from "../db/account.ts";
import { readStart, workAlone } from "../db/start.ts";
import { StartPage } from "../../web/pages/start.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

/** `/desk/start`: the first day's steps, which can be left and taken up again. */
export function startRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/desk/start", neverKept, guard(deps, "see desk"), async (c) => {
    const [frame, steps] = await Promise.all([frames.read(c), readStartSteps(deps)]);
    return await c.html(<StartPage frame={frame} steps={steps} staff={c.get("staff")} />);
  });
  app.post("/desk/start", neverKept, guard(deps, "manage staff"), async (c) => {
    if ((await readFields(c))["alone"] !== "yes") throw new Refused("not understood");
    await workAlone(deps.sql, c.get("staff"));
    return c.redirect("/desk/start", 303);
  });
  return app;
}

/** The first day's steps, and where each stands now. */
export async function readStartSteps({ sql, mode, keys }: Pick<Deps, "sql" | "mode" | "keys">): Promise<StartStep[]> {
  const accounts = await listAccounts(sql);
  const hasKey =
    mode === "sandbox" ||
    accounts.some(({ slug }, index) => keys.fromSettings(slug, index === 0).secretKeys.length > 0);
  return startSteps(await readStart(sql, hasKey));
}
