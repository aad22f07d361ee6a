import { Hono, type Context } from "hono";
import { readBoardAddress } from "../core/board-address.ts";
import { comparedPeriod } from "../core/board-period.ts";
import { readPeriod, type Period } from "../core/period.ts";
import { may, placesOf } from "../core/role.ts";
import { isEverything, listBoardCampaigns, listBoardPlaces } from "../db/board-place.ts";
import type { Places } from "../db/gift-list.ts";
import type { BoardPlace } from "../core/total.ts";
import { boardData, type BoardData } from "../../web/charts/board-data.ts";
import { boardTable } from "../../web/charts/board-files.ts";
import { BoardPage } from "../../web/pages/board.tsx";
import type { BoardChoices } from "../../web/parts/board-choice.tsx";
import { tableFile } from "./board-csv.ts";
import { isComparable, readBoardQuestion, type BoardQuestion } from "./board-question.ts";
import { createBoardReading } from "./board-reading.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { liveStream } from "./live.ts";

const allTime: Period = { from: null, to: null };

/**
 * `/board`, the same figures as JSON, its tables as files, and word of their changes. They show hidden funds too: for the
 * staff, each within the organisations, or the fund, that their roles are for.
 */
export function boardRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const read = createBoardReading(deps);
  app.use("/board/*", neverKept, guard(deps, "see board"));

  app.get("/board", async (c) => {
    const named = readBoardAddress(c.req.query());
    const period = readPeriod(c.req.query());
    const typed = { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" };
    const question = await readBoardQuestion(c, deps, named, period.ok ? period.period : allTime);
    const staff = c.get("staff");
    const [frame, data, { places, comparisons }] = await Promise.all([
      frames.read(c),
      answer(question),
      listChoices(question, placesOf(staff, "see board")),
    ]);
    c.status(period.ok ? 200 : 400);
    return await c.html(
      <BoardPage
        {...{ frame, data }}
        address={question.address}
        presets={question.presets}
        places={places.length < 2 ? [] : places}
        comparisons={comparisons}
        may={{
          makePack: may(staff, "keep money", question.place),
          openGifts: may(staff, "see desk", question.place),
          openBooks: may(staff, "see desk", question.place),
        }}
        error={period.ok ? null : { refusal: period.refusal, typed }}
      />,
    );
  });

  app.get("/board/totals.json", async (c) => c.json(await answer(await ask(c))));

  app.get("/board/:table{[a-z-]+\\.csv}", async (c) => {
    const name = c.req.param("table").slice(0, -".csv".length);
    const table = boardTable(name, await answer(await ask(c)));
    if (table === null) throw new Refused("not found");
    return tableFile(c, name, table);
  });

  app.get("/board/live", (c) => {
    // "No content" tells a browser to stop asking for events, and ours then asks for the figures now and then.
    if (deps.live === null) return c.body(null, 204);
    // Proxies must neither keep the stream back nor squeeze it.
    c.header("x-accel-buffering", "no");
    c.header("content-type", "text/event-stream");
    return c.body(liveStream(deps.live, deps.now));
  });

  /** What an address asks for that is no page: a period that cannot be shown is refused. */
  async function ask(c: Context<Env>): Promise<BoardQuestion> {
    const period = readPeriod(c.req.query());
    if (!period.ok) throw new Refused("not understood", period.refusal.words);
    return await readBoardQuestion(c, deps, readBoardAddress(c.req.query()), period.period);
  }

  async function answer(question: BoardQuestion): Promise<BoardData> {
    const { asked, place, timeZone, preset, compare, goalMinor, oneTime } = question;
    const { totals, months, outstanding, answers, compared } = await read(asked);
    return boardData(
      totals,
      months,
      outstanding,
      { today: asked.today, timeZone },
      isEverything(place) ? null : place,
      {
        answers,
        compared,
        goalMinor,
        oneTime,
        asked: { preset, compare },
      },
    );
  }

  /** The places that somebody can choose from, and what the period can be compared with. */
  async function listChoices(
    question: BoardQuestion,
    mine: Places,
  ): Promise<Pick<BoardChoices, "places" | "comparisons">> {
    const places = await listBoardPlaces(deps.sql, mine);
    return { places, comparisons: await listComparisons(question, places) };
  }

  /** What this period can be compared with: nothing else, the days before it, and other campaigns that are theirs. */
  async function listComparisons(
    { asked, campaign }: BoardQuestion,
    places: readonly BoardPlace[],
  ): Promise<BoardChoices["comparisons"]> {
    const { period, today } = asked;
    const plain = (["none", "previous", "last year"] as const)
      .filter((compare) => compare === "none" || comparedPeriod(period, today, compare) !== null)
      .map((compare) => ({ compare, name: null }));
    if (campaign === null) return plain;
    const others = await listBoardCampaigns(
      deps.sql,
      places.flatMap(({ campaignId }) => campaignId ?? []),
    );
    const firsts = (other: string) => ({ own: campaign.first, other });
    return [
      ...plain,
      ...others
        .filter((other) => isComparable(campaign, other))
        .filter(({ slug, first }) => comparedPeriod(period, today, { campaign: slug }, firsts(first)) !== null)
        .map(({ slug, name }) => ({ compare: { campaign: slug }, name })),
    ];
  }

  return app;
}
