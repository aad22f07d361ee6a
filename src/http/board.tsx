import { Hono, type Context } from "hono";
import { localDay, readPeriod, type Period, type PeriodRefusal } from "../core/period.ts";
import { placesOf } from "../core/role.ts";
import type { BoardPlace } from "../core/total.ts";
import { readHouse } from "../db/account.ts";
import { listBoardPlaces, listCurrencies, readBoardTotals, readMonths, readOutstanding } from "../db/total.ts";
import { boardData, type BoardData } from "../../web/charts/board-data.ts";
import { apiErrors } from "../../web/locales/en/order.ts";
import { BoardPage } from "../../web/pages/board.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { liveStream } from "./live.ts";

const allTime: Period = { from: null, to: null };

/**
 * `/board`, the same figures as JSON, and word of their changes. They show hidden funds too: for the staff, each
 * within the organisations, or the fund, that their roles are for.
 */
export function boardRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/board/*", neverKept, guard(deps, "see board"));

  app.get("/board", async (c) => {
    const typed = { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" };
    const read = readPeriod(typed);
    const error: { refusal: PeriodRefusal; typed: typeof typed } | null = read.ok
      ? null
      : { refusal: read.refusal, typed };
    const { data, places, fiscalYearStart } = await readBoard(c, deps, read.ok ? read.period : allTime);
    c.status(read.ok ? 200 : 400);
    const frame = await frames.read(c);
    return await c.html(<BoardPage {...{ frame, data, places, fiscalYearStart, error }} />);
  });

  app.get("/board/totals.json", async (c) => {
    const read = readPeriod({ from: c.req.query("from"), to: c.req.query("to") });
    if (!read.ok) throw new Refused("not understood", read.refusal.words);
    return c.json((await readBoard(c, deps, read.period)).data);
  });

  app.get("/board/live", (c) => {
    // "No content" tells a browser to stop asking for events, and ours then asks for the figures now and then.
    if (deps.live === null) return c.body(null, 204);
    // Proxies must neither keep the stream back nor squeeze it.
    c.header("x-accel-buffering", "no");
    c.header("content-type", "text/event-stream");
    return c.body(liveStream(deps.live, deps.now));
  });

  return app;
}

async function readBoard(
  c: Context<Env>,
  deps: Deps,
  period: Period,
): Promise<{ data: BoardData; places: BoardPlace[]; fiscalYearStart: number }> {
  const { within, places } = await readPlace(c, deps);
  const house = await readHouse(deps.sql, within?.organisationId ?? null);
  const currency = await readCurrency(c, deps, house.currency, within);
  const [totals, months, outstanding] = await Promise.all([
    readBoardTotals(deps.sql, { ...period, currency }, within),
    readMonths(deps.sql, { ...period, currency }, within),
    readOutstanding(deps.sql, currency, within),
  ]);
  const clock = { today: localDay(deps.now(), house.timeZone), timeZone: house.timeZone };
  return {
    data: boardData(totals, months, outstanding, clock, within),
    places,
    fiscalYearStart: house.fiscalYearStart,
  };
}

/**
 * Where this person's board ends, and where else they may look: everything (null) for those who see all. One organisation
 * is shown at a time, as people of several cannot be added up: `?organisation=`, or else the first.
 * @throws Refused when the address names one that is not theirs
 */
async function readPlace(
  c: Context<Env>,
  { sql }: Pick<Deps, "sql">,
): Promise<{ within: BoardPlace | null; places: BoardPlace[] }> {
  const theirs = placesOf(c.get("staff"), "see board");
  const { organisation, fund } = c.req.query();
  if (theirs === "all" && organisation === undefined) return { within: null, places: [] };
  const places = await listBoardPlaces(sql, theirs);
  const within = places.find(
    (place) =>
      (organisation === undefined || place.organisation === organisation) &&
      (fund === undefined || place.fund === fund),
  );
  if (within === undefined) throw new Refused("not found");
  return { within, places: theirs === "all" ? [] : places };
}

/** The currency asked for, or the organisation's. @throws Refused when nothing is counted in it. */
export async function readCurrency(
  c: Context,
  deps: Pick<Deps, "sql">,
  usual: string,
  within: BoardPlace | null = null,
): Promise<string> {
  const asked = c.req.query("currency");
  if (asked === undefined || asked === usual) return usual;
  const known = await listCurrencies(deps.sql, within);
  if (known.includes(asked)) return asked;
  throw new Refused("not understood", apiErrors.unknownCurrency(asked.slice(0, 20), known));
}
