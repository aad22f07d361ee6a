import { Hono } from "hono";
import { isFetchKind } from "../core/fact.ts";
import { mayAnywhere, organisationsOf, placesOf } from "../core/role.ts";
import { isStartDone } from "../core/start.ts";
import { listAlerts, listPastAlerts, takeAlert } from "../db/alert.ts";
import { listDeadLetters } from "../db/dead-letter.ts";
import { listPauses, replayFetches } from "../db/fetch.ts";
import { countUnassigned } from "../db/gift-list.ts";
import { readMailQueue, replayMails } from "../db/mail.ts";
import type { Organisations } from "../db/theirs.ts";
import { replayDeadLetters } from "../db/ticket.ts";
import { listUnlistedEvents } from "../db/undelivered.ts";
import { readClock } from "../db/watch.ts";
import { type AlertDeed, AlertsPage } from "../../web/pages/alerts.tsx";
import { DeadLettersPage } from "../../web/pages/dead-letters.tsx";
import { DeskPage } from "../../web/pages/desk.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { readStartSteps } from "./start.tsx";

/** More than this is not shown at once; all of it can be tried again. */
const shownMax = 200;

/** How many alerts that are over are shown. */
const pastMax = 20;

/** `/desk`: what is to be done; `/desk/alerts`: the same in full, with whose it is; `/desk/dead-letters`. */
export function deskRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql, now, mail = "none" } = deps;
  const app = new Hono<Env>();
  for (const path of ["/desk", "/desk/alerts", "/desk/dead-letters", "/desk/mail"])
    app.use(path, neverKept, guard(deps, "see desk"));
  const mayKeep = guard(deps, "keep money");

  app.get("/desk", async (c) => {
    const staff = c.get("staff");
    const [frame, alerts, unassigned, steps] = await Promise.all([
      frames.read(c),
      listAlerts(sql, organisationsOf(staff, "see desk")),
      countUnassigned(sql, placesOf(staff, "see desk")),
      readStartSteps(deps),
    ]);
    const start = isStartDone(steps) ? null : { steps, staff };
    return await c.html(<DeskPage {...{ frame, alerts, unassigned, start }} now={now()} />);
  });

  app.get("/desk/alerts", async (c) => {
    const staff = c.get("staff");
    const theirs = organisationsOf(staff, "see desk");
    const [frame, alerts, past, pauses, unlisted, clock, queue] = await Promise.all([
      frames.read(c),
      listAlerts(sql, theirs),
      listPastAlerts(sql, theirs, pastMax),
      listPauses(sql, theirs),
      listUnlistedEvents(sql, theirs),
      readClock(sql),
      readMailQueue(sql),
    ]);
    return await c.html(
      <AlertsPage
        {...{ frame, alerts, past, pauses, unlisted, clock }}
        staff={{ id: staff.id, mayTake: mayAnywhere(staff, "keep money") }}
        // The clock and the mail are the whole service's.
        mail={theirs === "all" ? { way: mail, queue, mayReplay: organisationsOf(staff, "keep money") === "all" } : null}
        done={deedOf(c.req.query("done"))}
      />,
    );
  });

  app.post("/desk/alerts", mayKeep, async (c) => {
    const { alert = "", take } = await readFields(c);
    if (!isNumber(alert)) throw new Refused("not understood", "The form names no alert.");
    const staff = c.get("staff");
    const wish = { alertId: BigInt(alert), take: take === "yes" };
    const isDone = await takeAlert(sql, staff, organisationsOf(staff, "keep money"), wish);
    return c.redirect(`/desk/alerts?done=${isDone ? (wish.take ? "taken" : "given-back") : "gone"}`, 303);
  });

  app.post("/desk/mail", mayKeep, async (c) => {
    // Mails are of no single organisation: to somebody with a role for one there are none.
    const replayed = organisationsOf(c.get("staff"), "keep money") === "all" ? await replayMails(sql) : 0;
    if (replayed > 0) deps.onMail?.();
    return c.redirect(`/desk/alerts?done=${replayed}`, 303);
  });

  app.get("/desk/dead-letters", async (c) => {
    const staff = c.get("staff");
    const [seen, kept] = [organisationsOf(staff, "see desk"), organisationsOf(staff, "keep money")];
    const [frame, { letters, count }, pauses] = await Promise.all([
      frames.read(c),
      listDeadLetters(sql, { seen, kept }, shownMax),
      listPauses(sql, seen),
    ]);
    const said = c.req.query("replayed") ?? "";
    const replayed = /^\d{1,9}$/u.test(said) ? Number(said) : null;
    return await c.html(
      <DeadLettersPage frame={frame} letters={letters} count={count} pauses={pauses} replayed={replayed} />,
    );
  });

  app.post("/desk/dead-letters", mayKeep, async (c) => {
    const { letter = "" } = await readFields(c);
    const replayed = await replay(deps, organisationsOf(c.get("staff"), "keep money"), letter);
    if (replayed > 0) deps.onStored?.();
    return c.redirect(`/desk/dead-letters?replayed=${replayed}`, 303);
  });

  return app;
}

/**
 * Has a dead letter of these organisations tried again, by the name that the page gives it, or all of them.
 * @returns how many there were
 * @throws Refused when it is no name of one
 */
async function replay({ sql }: Deps, theirs: Organisations, letter: string): Promise<number> {
  if (letter === "all") return (await replayDeadLetters(sql, theirs)) + (await replayFetches(sql, theirs));
  const [of, first = "", kind, ...rest] = letter.split(" ");
  if (of === "event" && isNumber(first)) return await replayDeadLetters(sql, theirs, BigInt(first));
  if (of === "question" && isNumber(first) && isFetchKind(kind))
    return await replayFetches(sql, theirs, { accountId: BigInt(first), kind, objectId: rest.join(" ") });
  throw new Refused("not understood", "The form names no dead letter.");
}

/** What the page was told that it has just done. */
function deedOf(said: string | undefined): AlertDeed {
  if (said === "taken" || said === "gone") return said;
  if (said === "given-back") return "given back";
  return said !== undefined && /^\d{1,9}$/u.test(said) ? { replayed: Number(said) } : null;
}

function isNumber(text: string): boolean {
  return /^\d{1,18}$/u.test(text);
}
