import { Hono, type Context } from "hono";
import { type GiftPart, readChosen, suspenseCodes } from "../core/correction.ts";
import type { Fields } from "../core/give.ts";
import { mayAnywhere, placesOf } from "../core/role.ts";
import { settingsFor } from "../core/setting.ts";
import { oneLine } from "../core/setting-form.ts";
import { assignSuspense, correctGifts, countTheirs, listSuspense, listUnassigned } from "../db/correction.ts";
import { reviewWords as words } from "../../web/locales/en/review.ts";
import { ReviewPage } from "../../web/pages/review.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { backTo, openDesk } from "./setting-desk.ts";

/** What is shown at once; the rest comes when these are done. */
const shownMax = 100;

/** `/desk/review`: what came in and nobody knows what it is for, and what is done about it. */
export function reviewRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/desk/review", neverKept, guard(deps, "see desk"));
  const keep = guard(deps, "keep money");

  app.get("/desk/review", async (c) => await show(c, {}, null));

  app.post("/desk/review/gifts", neverKept, keep, async (c) => {
    const fields = await readFields(c);
    const { gifts, fund, reason } = readAssignment(fields);
    if (gifts.length === 0) return await show(c, fields, words.noneChosen);
    if (reason === "") return await show(c, fields, words.noReason);
    const staff = c.get("staff");
    const kept = placesOf(staff, "keep money");
    if ((await countTheirs(sql, kept, gifts)) < gifts.length) throw new Refused("not found");
    const request = oneLine(fields, "request") || deps.random();
    const decided = await correctGifts(sql, { request, gifts, fund, reason }, staff);
    return decided.ok ? backTo(c, "/desk/review", "assigned") : await show(c, fields, decided.refusal);
  });

  app.post("/desk/review/suspense", neverKept, keep, async (c) => {
    const fields = await readFields(c);
    const staff = c.get("staff");
    const theirs = await listSuspense(sql, placesOf(staff, "keep money"), 10_000);
    const lines = theirs.filter(({ account, id }) => fields[`line.${account}.${id}`] === "yes");
    if (lines.length === 0) return await show(c, fields, words.noneChosen);
    const said = {
      lines,
      code: oneLine(fields, "code"),
      fund: oneLine(fields, "fund"),
      reason: oneLine(fields, "reason"),
    };
    const decided = await assignSuspense(sql, said, staff);
    return decided.ok ? backTo(c, "/desk/review", "said") : await show(c, fields, decided.refusal);
  });

  async function show(c: Context<Env>, values: Fields, refusal: string | null): Promise<Response> {
    const staff = c.get("staff");
    const places = placesOf(staff, "see desk");
    const [desk, gifts, suspense] = await Promise.all([
      openDesk(c, deps, frames),
      listUnassigned(sql, places, shownMax + 1),
      listSuspense(sql, places, shownMax + 1),
    ]);
    if (refusal !== null) c.status(422);
    const funds = settingsFor(staff, desk.settings, "fund", "see desk").filter(
      ({ state }) => state.archivedOn === null,
    );
    return await c.html(
      <ReviewPage
        frame={desk.frame}
        gifts={gifts.slice(0, shownMax)}
        suspense={suspense.slice(0, shownMax)}
        hasMore={gifts.length > shownMax || suspense.length > shownMax}
        funds={funds.map(({ subject, state }) => ({ value: subject, label: state.name }))}
        codes={suspenseCodes.map((code) => ({ value: code, label: `${code} ${words.codes[code] ?? ""}` }))}
        mayKeep={mayAnywhere(staff, "keep money")}
        values={values}
        request={deps.random()}
        notice={words.done[c.req.query("done") ?? ""] ?? null}
        refusal={refusal === null ? null : words.failed(refusal)}
      />,
    );
  }

  return app;
}

/** One gift by its own button (`one` names gift and fund), or those that were chosen, to a fund for a reason. */
function readAssignment(fields: Fields): { gifts: GiftPart[]; fund: string; reason: string } {
  const one = /^(?<gift>gift\.\S+) (?<fund>\S+)$/u.exec(fields["one"] ?? "")?.groups;
  if (one === undefined)
    return { gifts: readChosen(fields), fund: oneLine(fields, "fund"), reason: oneLine(fields, "reason") };
  return { gifts: readChosen({ [one["gift"] ?? ""]: "yes" }), fund: one["fund"] ?? "", reason: words.reasonOne };
}
