import { Hono, type Context } from "hono";
import { localDay, readPeriod, type Period, type PeriodRefusal } from "../core/period.ts";
import { readHouse } from "../db/account.ts";
import { listCurrencies, readMonths, readOutstanding, readTotals } from "../db/total.ts";
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

/** `/board`, the same figures as JSON, and word of their changes. They show hidden funds too: for the staff. */
export function boardRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/board/*", neverKept, guard(deps, "see board"));

  app.get("/board", async (c) => {
    const typed = { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" };
    const read = readPeriod(typed);
    const error: { refusal: PeriodRefusal; typed: typeof typed } | null = read.ok
      ? null
      : { refusal: read.refusal, typed };
    const data = await readBoard(c, deps, read.ok ? read.period : allTime);
    c.status(read.ok ? 200 : 400);
    const { fiscalYearStart } = await readHouse(deps.sql);
    const frame = await frames.read(c);
    return await c.html(<BoardPage frame={frame} data={data} fiscalYearStart={fiscalYearStart} error={error} />);
  });

  app.get("/board/totals.json", async (c) => {
    const read = readPeriod({ from: c.req.query("from"), to: c.req.query("to") });
    if (!read.ok) throw new Refused("not understood", read.refusal.words);
    return c.json(await readBoard(c, deps, read.period));
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

async function readBoard(c: Context<Env>, deps: Deps, period: Period): Promise<BoardData> {
  const house = await readHouse(deps.sql);
  const currency = await readCurrency(c, deps, house.currency);
  const [totals, months, outstanding] = await Promise.all([
    readTotals(deps.sql, { ...period, currency, who: "board" }),
    readMonths(deps.sql, { ...period, currency }),
    readOutstanding(deps.sql, currency),
  ]);
  const clock = { today: localDay(deps.now(), house.timeZone), timeZone: house.timeZone };
  return boardData(totals, months, outstanding, clock);
}

/** The currency asked for, or the first organisation's. @throws Refused when nothing is counted in it. */
export async function readCurrency(c: Context, deps: Pick<Deps, "sql">, usual: string): Promise<string> {
  const asked = c.req.query("currency");
  if (asked === undefined || asked === usual) return usual;
  const known = await listCurrencies(deps.sql);
  if (known.includes(asked)) return asked;
  throw new Refused("not understood", apiErrors.unknownCurrency(asked.slice(0, 20), known));
}
