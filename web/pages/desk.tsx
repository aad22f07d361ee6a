import { type ClockReading, isClockOff, signatureToleranceMs } from "../../src/core/clock.ts";
import type { AccountPause } from "../../src/core/dead-letter.ts";
import type { ArrivingTooLong, UnlistedEvents } from "../../src/core/watch.ts";
import { deskWords as words, spanInWords } from "../locales/en/desk.ts";
import { pauseWords } from "../locales/en/pause.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Pauses } from "../parts/pauses.tsx";
import { momentInWords } from "../parts/when.ts";

export type DeskPageProps = {
  frame: Frame;
  /** How many dead letters there are. */
  deadLetters: number;
  /** Payments that have been arriving for more than a day, by account. */
  arriving: readonly ArrivingTooLong[];
  /** Accounts of which nothing is asked at the moment. */
  pauses: readonly AccountPause[];
  /** Accounts whose lost deliveries cannot be looked for. */
  unlisted: readonly UnlistedEvents[];
  /** How far our clock was ahead when Stripe last said the time; null while it has not. */
  clock: ClockReading | null;
};

/** `GET /desk`: what needs a hand, and what to do about it. */
export function DeskPage({ frame, deadLetters, arriving, pauses, unlisted, clock }: DeskPageProps) {
  const { timeZone } = frame;
  const isClockWrong = clock !== null && isClockOff(clock.aheadMs);
  const isCalm = deadLetters === 0 && [arriving, pauses, unlisted].every((all) => all.length === 0) && !isClockWrong;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow">
        <p class="over">{words.title}</p>
        <h1>{words.heading}</h1>
        <p class="lead">{isCalm ? words.nothing : words.lead}</p>
        {isClockWrong ? <Clock clock={clock} frame={frame} /> : null}
        <Pauses pauses={pauses} timeZone={timeZone} />
        <Unlisted unlisted={unlisted} timeZone={timeZone} />
        <DeadLetters count={deadLetters} />
        <Arriving arriving={arriving} timeZone={timeZone} />
        {isClockWrong ? null : <Clock clock={clock} frame={frame} />}
      </main>
    </Layout>
  );
}

function DeadLetters({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <section aria-labelledby="letters-heading">
      <h2 id="letters-heading">{words.deadLetters.heading(count)}</h2>
      <p>{words.deadLetters.text}</p>
      <p>
        <a class="btn quiet" href="/desk/dead-letters">
          {words.deadLetters.link}
        </a>
      </p>
    </section>
  );
}

function Arriving({ arriving, timeZone }: Pick<DeskPageProps, "arriving"> & { timeZone: string }) {
  if (arriving.length === 0) return null;
  const all = arriving.reduce((sum, { payments }) => sum + payments, 0);
  return (
    <section aria-labelledby="arriving-heading">
      <h2 id="arriving-heading">{words.arriving.heading(all)}</h2>
      <p>{words.arriving.text}</p>
      <ul role="list">
        {arriving.map(({ account, payments, since }) => (
          <li>{words.arriving.account(account, payments, momentInWords(since, timeZone))}</li>
        ))}
      </ul>
      <p>{words.arriving.todo}</p>
    </section>
  );
}

function Unlisted({ unlisted, timeZone }: Pick<DeskPageProps, "unlisted"> & { timeZone: string }) {
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

function Clock({ clock, frame }: Pick<DeskPageProps, "clock" | "frame">) {
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
