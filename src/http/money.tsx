import { Hono, type Context } from "hono";
import { isDay } from "../core/period.ts";
import { may, mayAnywhere, placesOf } from "../core/role.ts";
import { oneLine } from "../core/setting-form.ts";
import { findEvidence, listMoves, mayVoid, recordVoid } from "../db/money-move.ts";
import { readSettings } from "../db/setting.ts";
import { moneyWords as words } from "../../web/locales/en/money.ts";
import { MoneyPage } from "../../web/pages/money.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { moneyFormRoutes } from "./money-forms.tsx";
import { openingRoutes } from "./opening.tsx";
import { backTo } from "./setting-desk.ts";

const pageMoves = 30;

/** `/desk/money`: what moved by hand, and the forms that record it. */
export function moneyRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  const see = guard(deps, "see desk");
  const keep = guard(deps, "keep money");
  app.use("/desk/money", neverKept, see);
  app.use("/desk/money/*", neverKept, see);
  app.route("/", moneyFormRoutes(deps, frames));
  app.route("/", openingRoutes(deps, frames));

  async function show(c: Context<Env>, refusal: string | null): Promise<Response> {
    const staff = c.get("staff");
    const before = readPlace(c.req.query("before"));
    const [frame, moves] = await Promise.all([
      frames.read(c),
      listMoves(sql, placesOf(staff, "see desk"), { before, limit: pageMoves + 1 }),
    ]);
    const shown = moves.slice(0, pageMoves);
    const last = moves.length > pageMoves ? shown.at(-1) : undefined;
    if (refusal !== null) c.status(422);
    const { organisation } = await readSettings(sql);
    const kept = organisation.filter(({ id }) => may(staff, "keep money", { organisationId: id }));
    return await c.html(
      <MoneyPage
        frame={frame}
        moves={shown}
        mayKeep={mayAnywhere(staff, "keep money")}
        kept={kept.map(({ subject, state }) => ({ slug: subject, name: state.name }))}
        request={deps.random()}
        notice={words.done[c.req.query("done") ?? ""] ?? null}
        refusal={refusal}
        isFirst={before === null}
        older={last === undefined ? null : `${last.day}.${last.id}`}
      />,
    );
  }

  app.get("/desk/money", async (c) => await show(c, null));

  app.post("/desk/money/void", keep, async (c) => {
    const fields = await readFields(c);
    const [move, payment] = [oneLine(fields, "move"), oneLine(fields, "payment")];
    const target = /^\d{1,18}$/u.test(move) ? { move: BigInt(move) } : { payment };
    if (!(await mayVoid(sql, placesOf(c.get("staff"), "keep money"), target))) throw new Refused("not found");
    const said = { request: oneLine(fields, "request") || deps.random(), note: oneLine(fields, "note"), ...target };
    const voided = await recordVoid(sql, said, c.get("staff"));
    if (!voided.ok) return await show(c, words.notVoided(voided.refusal));
    return backTo(c, "/desk/money", "voided");
  });

  app.get("/desk/money/:move{[0-9]{1,18}}/paper", async (c) => {
    const paper = await findEvidence(sql, placesOf(c.get("staff"), "see desk"), BigInt(c.req.param("move")));
    if (paper === null) throw new Refused("not found");
    c.header("content-type", paper.type);
    // Never shown as a page of ours: somebody else made it.
    c.header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(paper.name)}`);
    return c.body(new Uint8Array(paper.bytes));
  });

  return app;
}

function readPlace(text: string | undefined): { day: string; id: bigint } | null {
  const place = /^(?<day>\d{4}-\d{2}-\d{2})\.(?<id>\d{1,18})$/u.exec(text ?? "")?.groups;
  if (place === undefined || !isDay(place["day"] ?? "")) return null;
  return { day: place["day"] ?? "", id: BigInt(place["id"] ?? "0") };
}
