import { type Alert, byHarm, type PastAlert } from "../../src/core/alert.ts";
import { type ClockReading, isClockOff, signatureToleranceMs } from "../../src/core/clock.ts";
import type { AccountPause } from "../../src/core/dead-letter.ts";
import type { MailQueue, MailWay } from "../../src/core/mail.ts";
import type { UnlistedEvents } from "../../src/core/watch.ts";
import { alertWords } from "../locales/en/alert.ts";
import { alertsWords as words, spanInWords } from "../locales/en/alerts.ts";
import { pauseWords } from "../locales/en/pause.ts";
import { alertPage, alertPlace } from "../parts/alert-place.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pauses } from "../parts/pauses.tsx";
import { momentInWords } from "../parts/when.ts";

/** What was just done on the page. */
export type AlertDeed = "taken" | "given back" | "gone" | { replayed: number } | null;

export type AlertsPageProps = {
  frame: Frame;
  /** What needs a hand, in any order. */
  alerts: readonly Alert[];
  /** What needed one, the newest first. */
  past: readonly PastAlert[];
  /** Who looks at the page, and whether they may take an alert. */
  staff: { id: string; mayTake: boolean };
  /** Accounts of which nothing is asked at the moment. */
  pauses: readonly AccountPause[];
  /** Accounts whose lost deliveries cannot be looked for. */
  unlisted: readonly UnlistedEvents[];
  /** How far our clock was ahead when Stripe last said the time; null while it has not. */
  clock: ClockReading | null;
  mail: { way: MailWay; queue: MailQueue };
  done: AlertDeed;
};

/** `GET /desk/alerts`: what needs a hand, whose it is, what to do about it, and what was mended. */
export function AlertsPage({ frame, alerts, past, staff, pauses, unlisted, clock, mail, done }: AlertsPageProps) {
  const { timeZone } = frame;
  const isCalm = alerts.length === 0 && pauses.length === 0 && unlisted.length === 0;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow">
        <h1>{words.heading}</h1>
        {done === null ? null : <Notice>{doneInWords(done)}</Notice>}
        <p class="lead">{isCalm ? words.nothing : words.lead}</p>
        {alerts.length === 0 ? null : (
          <div class="alerts">
            {[...alerts].sort(byHarm).map((alert) => (
              <AlertPart alert={alert} staff={staff} frame={frame} />
            ))}
          </div>
        )}
        <Pauses pauses={pauses} timeZone={timeZone} />
        <Unlisted unlisted={unlisted} timeZone={timeZone} />
        <Clock clock={clock} frame={frame} />
        <Mail mail={mail} mayReplay={staff.mayTake} timeZone={timeZone} />
        <Past past={past} timeZone={timeZone} />
      </main>
    </Layout>
  );
}

function doneInWords(done: NonNullable<AlertDeed>): string {
  if (typeof done === "object") return words.mail.replayed(done.replayed);
  return { taken: words.taken, "given back": words.givenBack, gone: words.gone }[done];
}

function AlertPart({ alert, staff, frame }: Pick<AlertsPageProps, "staff" | "frame"> & { alert: Alert }) {
  const { id, kind, subject, about, since, dueAt, owner } = alert;
  const { title, sentence, todo, button } = alertWords[kind];
  const moment = (at: Date): string => momentInWords(at, frame.timeZone);
  const place = alertPlace(alert);
  const page = alertPage(alert, frame);
  const isMine = owner?.id === staff.id;
  const mayTake = id !== null && staff.mayTake && (owner === null || isMine);
  return (
    <article class="alert" id={place} aria-labelledby={`${place}-heading`}>
      <h2 id={`${place}-heading`}>{title(subject)}</h2>
      <p>
        {sentence(about, subject, moment)} {todo}
      </p>
      <p class="small soft">
        {words.since(moment(since))} {words.due(moment(dueAt))}{" "}
        {owner === null ? words.nobody : words.owner(owner.name)}
      </p>
      {page === null && !mayTake ? null : (
        <div class="actions">
          {page === null ? null : (
            <a class="btn quiet" href={page}>
              {button}
            </a>
          )}
          {!mayTake ? null : (
            <form method="post" action="/desk/alerts">
              <input type="hidden" name="alert" value={String(id)} />
              <input type="hidden" name="take" value={isMine ? "no" : "yes"} />
              <button
                class="btn quiet"
                type="submit"
                aria-label={isMine ? words.giveBackOf(title(subject)) : words.takeOf(title(subject))}
              >
                {isMine ? words.giveBack : words.take}
              </button>
            </form>
          )}
        </div>
      )}
    </article>
  );
}

function Mail({
  mail: { way, queue },
  mayReplay,
  timeZone,
}: Pick<AlertsPageProps, "mail"> & { mayReplay: boolean; timeZone: string }) {
  const isEmpty = queue.waiting === 0 && queue.givenUp === 0;
  return (
    <section id="mail" aria-labelledby="mail-heading">
      <h2 id="mail-heading">{words.mail.heading}</h2>
      <p>{words.mail.ways[way]}</p>
      {queue.oldest === null ? null : <p>{words.mail.waiting(queue.waiting, momentInWords(queue.oldest, timeZone))}</p>}
      {isEmpty && way !== "none" ? <p class="small soft">{words.mail.nothingWaits}</p> : null}
      {queue.givenUp === 0 ? null : (
        <>
          <p>{words.mail.givenUp(queue.givenUp)}</p>
          {mayReplay ? (
            <form method="post" action="/desk/mail">
              <button class="btn quiet" type="submit">
                {words.mail.replay}
              </button>
            </form>
          ) : null}
        </>
      )}
    </section>
  );
}

function Past({ past, timeZone }: Pick<AlertsPageProps, "past"> & { timeZone: string }) {
  const { columns } = words.past;
  return (
    <section aria-labelledby="past-heading">
      <h2 id="past-heading">{words.past.heading}</h2>
      {past.length === 0 ? (
        <p class="soft">{words.past.none}</p>
      ) : (
        <div class="scroll" role="region" aria-label={words.past.label} tabindex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{columns.what}</th>
                <th scope="col">{columns.since}</th>
                <th scope="col">{columns.until}</th>
                <th scope="col">{columns.owner}</th>
              </tr>
            </thead>
            <tbody>
              {past.map(({ kind, subject, since, clearedAt, owner }) => (
                <tr>
                  <th scope="row">{alertWords[kind].title(subject)}</th>
                  <td>{momentInWords(since, timeZone)}</td>
                  <td>{momentInWords(clearedAt, timeZone)}</td>
                  <td>{owner === null ? <span class="soft">{words.past.nobody}</span> : owner.name}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Unlisted({ unlisted, timeZone }: Pick<AlertsPageProps, "unlisted"> & { timeZone: string }) {
  if (unlisted.length === 0) return null;
  return (
    <section aria-labelledby="unlisted-heading">
      <h2 id="unlisted-heading">{words.unlisted.heading}</h2>
      <p>{words.unlisted.text}</p>
      <ul role="list">
        {unlisted.map(({ account, since, reason }) => (
          <li>
            {words.unlisted.account(account, momentInWords(since, timeZone), pauseWords.reasons[reason] ?? reason)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Clock({ clock, frame }: Pick<AlertsPageProps, "clock" | "frame">) {
  return (
    <section aria-labelledby="clock-heading">
      <h2 id="clock-heading">{words.clock.heading}</h2>
      {clock === null ? (
        <p>{frame.sandbox ? words.clock.played : words.clock.unknown}</p>
      ) : (
        <>
          <p>{clockInWords(clock.aheadMs)}</p>
          <p class="small soft">{words.clock.measured(momentInWords(clock.measuredAt, frame.timeZone))}</p>
        </>
      )}
    </section>
  );
}

function clockInWords(aheadMs: number): string {
  const distance = Math.abs(aheadMs);
  if (distance < 1_500) return words.clock.agrees;
  const say =
    distance > signatureToleranceMs ? words.clock.refusing : isClockOff(aheadMs) ? words.clock.off : words.clock.apart;
  return say(spanInWords(distance), aheadMs > 0);
}
