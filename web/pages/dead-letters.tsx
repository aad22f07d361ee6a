import type { AccountPause, DeadLetter } from "../../src/core/dead-letter.ts";
import { deadLetterWords as words } from "../locales/en/dead-letters.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pauses } from "../parts/pauses.tsx";
import { momentInWords } from "../parts/when.ts";

export type DeadLettersPageProps = {
  frame: Frame;
  /** The newest of them. */
  letters: readonly DeadLetter[];
  /** How many there are in all. */
  count: number;
  pauses: readonly AccountPause[];
  /** How many are being tried again since just now; null when the page was only opened. */
  replayed: number | null;
};

/** What names a dead letter in the form that has it tried again. */
function letterName(letter: DeadLetter): string {
  if (letter.of === "event") return `event ${letter.inboxId}`;
  return `question ${letter.name.accountId} ${letter.name.kind} ${letter.name.objectId}`;
}

/** `GET /desk/dead-letters`: what could not be booked, why, and a button to try it again. */
export function DeadLettersPage({ frame, letters, count, pauses, replayed }: DeadLettersPageProps) {
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap">
        <p class="over">
          <a href="/desk">{words.over}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {replayed === null ? null : <Notice>{words.replayed(replayed)}</Notice>}
        <Pauses pauses={pauses} timeZone={frame.timeZone} />
        {count === 0 ? <p class="soft">{words.none}</p> : <Letters letters={letters} count={count} frame={frame} />}
      </main>
    </Layout>
  );
}

function Letters({ letters, count, frame }: Pick<DeadLettersPageProps, "letters" | "count" | "frame">) {
  const mayReplay = letters.some((letter) => letter.mayReplay);
  return (
    <section aria-labelledby="letters-heading">
      <h2 id="letters-heading">{words.heading(count)}</h2>
      {mayReplay ? (
        <form method="post" action="/desk/dead-letters">
          <input type="hidden" name="letter" value="all" />
          <p class="actions">
            <button class="btn" type="submit">
              {words.replayAll}
            </button>
          </p>
        </form>
      ) : null}
      {letters.length < count ? <p class="small soft">{words.onlyNewest(letters.length)}</p> : null}
      <div class="scroll" role="region" aria-label={words.tableLabel} tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.columns.what}</th>
              <th scope="col">{words.columns.reason}</th>
              <th scope="col">{words.columns.since}</th>
              {mayReplay ? <th scope="col">{words.columns.action}</th> : null}
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <Letter letter={letter} hasAction={mayReplay} timeZone={frame.timeZone} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Letter({ letter, hasAction, timeZone }: { letter: DeadLetter; hasAction: boolean; timeZone: string }) {
  const since = momentInWords(letter.since, timeZone);
  const title = letter.of === "event" ? letter.type : words.questions[letter.name.kind];
  const origin = letter.of === "event" ? [letter.eventId, words.sources[letter.by]] : [];
  const about = [letter.objectId, ...origin, words.account(letter.account)].filter((part) => part !== null);
  return (
    <tr>
      <th scope="row">
        {title}
        <br />
        <span class="tiny soft">{words.about(about)}</span>
      </th>
      <td>{words.reasons[letter.reason] ?? letter.reason}</td>
      <td>
        <time datetime={letter.since.toISOString()}>{letter.of === "event" ? since : words.missingSince(since)}</time>
      </td>
      {hasAction ? (
        <td>
          {letter.mayReplay ? (
            <form method="post" action="/desk/dead-letters">
              <input type="hidden" name="letter" value={letterName(letter)} />
              <button
                class="btn quiet"
                type="submit"
                aria-label={words.replayOf(`${title} ${letter.objectId ?? ""}`.trim())}
              >
                {words.replay}
              </button>
            </form>
          ) : null}
        </td>
      ) : null}
    </tr>
  );
}
