import { Hono } from "hono";
import { isFetchKind } from "../core/fact.ts";
import { countDeadLetters, listDeadLetters } from "../db/dead-letter.ts";
import { listPauses, replayFetches } from "../db/fetch.ts";
import { replayDeadLetters } from "../db/ticket.ts";
import { listUnlistedEvents } from "../db/undelivered.ts";
import { listArrivingTooLong, readClock } from "../db/watch.ts";
import { DeadLettersPage } from "../../web/pages/dead-letters.tsx";
import { DeskPage } from "../../web/pages/desk.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { neverKept } from "./headers.ts";
import { onThisMachine } from "./loopback.ts";

/** More than this is not shown at once; all of it can be tried again. */
const shownMax = 200;

/** `/desk` and what is below it, the treasurer's: on this machine only, like the board. */
export function deskRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/desk/*", neverKept, onThisMachine(deps));

  app.get("/desk", async (c) => {
    const { sql } = deps;
    const [frame, deadLetters, arriving, pauses, unlisted, clock] = await Promise.all([
      frames.read(c),
      countDeadLetters(sql),
      listArrivingTooLong(sql),
      listPauses(sql),
      listUnlistedEvents(sql),
      readClock(sql),
    ]);
    return await c.html(<DeskPage {...{ frame, deadLetters, arriving, pauses, unlisted, clock }} />);
  });

  app.get("/desk/dead-letters", async (c) => {
    const [frame, { letters, count }, pauses] = await Promise.all([
      frames.read(c),
      listDeadLetters(deps.sql, shownMax),
      listPauses(deps.sql),
    ]);
    const said = c.req.query("replayed") ?? "";
    const replayed = /^\d{1,9}$/u.test(said) ? Number(said) : null;
    return await c.html(
      <DeadLettersPage frame={frame} letters={letters} count={count} pauses={pauses} replayed={replayed} />,
    );
  });

  app.post("/desk/dead-letters", async (c) => {
    const { letter = "" } = await readFields(c);
    const replayed = await replay(deps, letter);
    if (replayed > 0) deps.onStored?.();
    return c.redirect(`/desk/dead-letters?replayed=${replayed}`, 303);
  });

  return app;
}

/**
 * Has a dead letter tried again, by the name that the page gives it, or all of them.
 * @returns how many there were
 * @throws Refused when it is no name of one
 */
async function replay({ sql }: Deps, letter: string): Promise<number> {
  if (letter === "all") return (await replayDeadLetters(sql)) + (await replayFetches(sql));
  const [of, first = "", kind, ...rest] = letter.split(" ");
  if (of === "event" && isNumber(first)) return await replayDeadLetters(sql, BigInt(first));
  if (of === "question" && isNumber(first) && isFetchKind(kind))
    return await replayFetches(sql, { accountId: BigInt(first), kind, objectId: rest.join(" ") });
  throw new Refused("not understood", "The form names no dead letter.");
}

function isNumber(text: string): boolean {
  return /^\d{1,18}$/u.test(text);
}
