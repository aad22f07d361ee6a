import type { Child } from "hono/jsx";
import type { OpenedEntry } from "../../src/core/entry-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { bookWords } from "../locales/en/books.ts";
import { Closes } from "../parts/book-head.tsx";
import { EntryLineCells, lineSums } from "../parts/entry-lines.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { dayInWords, momentInWords } from "../parts/when.ts";

const words = bookWords.entry;
const path = "/desk/books/entries";

/** `/desk/books/entries/:id`: one entry with all its lines, where it comes from, and its place in the chain. */
export function EntryPage({ frame, entry }: { frame: Frame; entry: OpenedEntry }) {
  const title = words.title(String(entry.number));
  return (
    <Layout frame={frame} title={title} current="desk">
      <main id="main" class="wrap books entry">
        <p class="over">
          <a href={`${path}?organisation=${entry.organisationSlug}`}>{bookWords.entries.title}</a> /{" "}
          {entry.organisation}
        </p>
        <h1>{title}</h1>
        <Closes isGood={entry.hashHolds} chip={entry.hashHolds ? words.chip : words.broken}>
          <p>{entry.hashHolds ? words.holds : words.holdsNot}</p>
        </Closes>
        <div class="two">
          <section aria-labelledby="lines-heading">
            <h2 id="lines-heading">{words.linesHeading}</h2>
            <Lines entry={entry} />
          </section>
          <section aria-labelledby="facts-heading">
            <h2 id="facts-heading">{words.factsHeading}</h2>
            <Facts entry={entry} timeZone={frame.timeZone} />
          </section>
        </div>
      </main>
    </Layout>
  );
}

function Lines({ entry }: { entry: OpenedEntry }) {
  const { columns } = bookWords.entries;
  return (
    <div class="scroll" role="region" aria-label={words.linesCaption} tabindex={0}>
      <table class="journal">
        <caption class="unseen">{words.linesCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.account}</th>
            <th scope="col">{columns.fund}</th>
            <th scope="col" class="r">
              {columns.debit}
            </th>
            <th scope="col" class="r">
              {columns.credit}
            </th>
          </tr>
        </thead>
        <tbody>
          {entry.lines.map((line) => (
            <tr>
              <EntryLineCells line={line} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          {lineSums(entry.lines).map(({ currency, debitMinor, creditMinor }) => (
            <tr>
              <th scope="row">{words.sum}</th>
              <td></td>
              <td class="r">{formatMoney({ amountMinor: debitMinor, currency })}</td>
              <td class="r">{formatMoney({ amountMinor: creditMinor, currency })}</td>
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

function Facts({ entry, timeZone }: { entry: OpenedEntry; timeZone: string }) {
  const { facts } = words;
  const { corrects, correctedBy, paymentId, payout, previousHash } = entry;
  return (
    <dl class="facts">
      <Fact label={facts.day}>{dayInWords(entry.enteredOn)}</Fact>
      <Fact label={facts.organisation}>{entry.organisation}</Fact>
      <Fact label={facts.source}>{bookWords.entries.sources[entry.source]}</Fact>
      <Fact label={facts.id}>
        <span class="id">{entry.sourceId}</span>
      </Fact>
      <Fact label={facts.part}>{entry.sourceNumber === 1n ? words.first : words.nth(String(entry.sourceNumber))}</Fact>
      <Fact label={facts.account}>{entry.account}</Fact>
      <Fact label={facts.payment}>
        {paymentId === null ? null : <a href={`/desk/gifts/${paymentId}`}>{`#${paymentId}`}</a>}
      </Fact>
      <Fact label={facts.payout}>
        {payout === null ? null : (
          <a class="id" href={`/desk/books/payouts/${payout}`}>
            {payout}
          </a>
        )}
      </Fact>
      <Fact label={facts.corrects}>
        {corrects === null ? null : <a href={`${path}/${corrects.id}`}>{words.title(String(corrects.number))}</a>}
      </Fact>
      <Fact label={facts.correctedBy}>
        {correctedBy.length === 0
          ? null
          : correctedBy.map(({ id, number }) => (
              <>
                <a href={`${path}/${id}`}>{words.title(String(number))}</a>{" "}
              </>
            ))}
      </Fact>
      <Fact label={facts.posted}>{momentInWords(entry.postedAt, timeZone)}</Fact>
      <Fact label={facts.hash}>
        <span class="id">{entry.hash}</span>
      </Fact>
      <Fact label={facts.previous}>{previousHash === null ? null : <span class="id">{previousHash}</span>}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: Child }) {
  if (children === null) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
