import {
  entriesAddress,
  type Entry,
  entryFields,
  type EntryFilter,
  type EntryPlace,
  entrySources,
  type EntrySum,
  everyEntry,
} from "../../src/core/entry-list.ts";
import { noFund } from "../../src/core/gift-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { bookWords } from "../locales/en/books.ts";
import { type AskedPeriod, BookPlaces, type Place } from "../parts/book-head.tsx";
import { DayField } from "../parts/day-field.tsx";
import { Choice } from "../parts/choice.tsx";
import { EntryLineCells } from "../parts/entry-lines.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { dayInShort } from "../parts/when.ts";

const words = bookWords.entries;
const path = "/desk/books/entries";

export type EntriesPageProps = {
  frame: Frame;
  places: readonly Place[];
  here: Place;
  filter: EntryFilter;
  asked: AskedPeriod;
  funds: readonly { slug: string; name: string }[];
  accounts: readonly { code: string; name: string }[];
  entries: readonly Entry[];
  /** What all lines like these come to, not only those of this page; null where that is not summed. */
  sums: readonly EntrySum[] | null;
  isFirst: boolean;
  older: EntryPlace | null;
};

/** `/desk/books/entries`: the journal, and the rows behind any sum. */
export function EntriesPage(props: EntriesPageProps) {
  const { frame, places, here, filter, entries, sums, isFirst, older } = props;
  const isNarrow = entryFields(filter).length > 0;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap books entries">
        <p class="over">
          <a href={`/desk/books?organisation=${here.slug}`}>{bookWords.title}</a> / {here.name}
        </p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <BookPlaces places={places} here={here.slug} path={path} />
        <Filter {...props} />
        {filter.payment === null ? null : (
          <p>
            <a href={`/desk/gifts/${filter.payment}`}>{words.ofPayment(String(filter.payment))}</a>
          </p>
        )}
        {entries.length === 0 ? (
          <p class="soft calm">{isNarrow ? words.none : words.nothingYet}</p>
        ) : (
          <>
            <div class="found">
              <Sums sums={isNarrow ? sums : null} />
              <a class="btn quiet" href={entriesAddress(here.slug, filter, null, `${path}.csv`)} download>
                {words.csv}
              </a>
            </div>
            <Entries entries={entries} />
          </>
        )}
        {isFirst && older === null ? null : (
          <nav class="actions" aria-label={words.pages}>
            {isFirst ? null : (
              <a class="btn quiet" href={entriesAddress(here.slug, filter)}>
                {words.newest}
              </a>
            )}
            {older === null ? null : (
              <a class="btn quiet" href={entriesAddress(here.slug, filter, older)} rel="next">
                {words.older}
              </a>
            )}
          </nav>
        )}
      </main>
    </Layout>
  );
}

/** What the lines come to: the number that led here. */
function Sums({ sums }: { sums: readonly EntrySum[] | null }) {
  if (sums === null || sums.length === 0) return <span></span>;
  const said = sums.map(({ currency, amountMinor }) => {
    const amount = formatMoney({ amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency });
    return amountMinor === 0n ? amount : amountMinor > 0n ? words.debit(amount) : words.credit(amount);
  });
  return <p class="small">{words.comesTo(said.join(", "))}</p>;
}

function Filter({ here, filter, asked, funds, accounts }: EntriesPageProps) {
  const isNarrow = entryFields(filter).length > 0 || asked.refusal !== null;
  const codes = filter.codes?.join(",") ?? null;
  const several = codes === null || !codes.includes(",") ? [] : [{ slug: codes, name: words.severalAccounts(codes) }];
  return (
    <form method="get" action={path} class="gift-filter" novalidate>
      <details open={isNarrow}>
        <summary>{words.filters}</summary>
        <input type="hidden" name="organisation" value={here.slug} />
        {filter.currency === null ? null : <input type="hidden" name="currency" value={filter.currency} />}
        {filter.payment === null ? null : <input type="hidden" name="payment" value={String(filter.payment)} />}
        <div class="choices-grid">
          <Choice name="code" label={words.account} chosen={codes} any={words.anyAccount}>
            {[...several, ...accounts.map(({ code, name }) => ({ slug: code, name: `${code} ${name}` }))]}
          </Choice>
          <Choice name="fund" label={words.fund} chosen={filter.fund} any={words.anyFund}>
            {[{ slug: noFund, name: bookWords.unassigned }, ...funds]}
          </Choice>
          <Choice name="source" label={words.source} chosen={filter.source} any={words.anySource}>
            {entrySources.map((source) => ({ slug: source, name: words.sources[source] }))}
          </Choice>
          <div class={asked.refusal === null ? "days" : "days wrong"}>
            {asked.refusal === null ? null : (
              <p class="error" id="period-error" role="alert">
                {asked.refusal.words}
              </p>
            )}
            <DayField name="from" label={words.from} value={asked.typed.from} isWrong={asked.refusal !== null} />
            <DayField name="to" label={words.to} value={asked.typed.to} isWrong={asked.refusal !== null} />
          </div>
        </div>
        <p class="actions">
          <button class="btn quiet" type="submit">
            {words.show}
          </button>
          <a class="btn quiet" href={entriesAddress(here.slug, everyEntry)}>
            {words.clear}
          </a>
        </p>
      </details>
    </form>
  );
}

/** A row a line; what an entry is stands beside its first line. */
function Entries({ entries }: Pick<EntriesPageProps, "entries">) {
  const { columns } = words;
  return (
    <div class="scroll" role="region" aria-label={words.caption} tabindex={0}>
      <table class="journal">
        <caption class="unseen">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.entry}</th>
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
        {entries.map((entry) => (
          <tbody>
            {entry.lines.map((line, index) => (
              <tr>
                {index === 0 ? (
                  <th scope="rowgroup" rowspan={entry.lines.length}>
                    <a href={`${path}/${entry.id}`} class="num">{`${entry.number}`}</a>{" "}
                    <span class="day">{dayInShort(entry.enteredOn)}</span>
                    <span class="under">
                      {words.sources[entry.source]}
                      {entry.corrects === null ? null : `, ${words.correction(String(entry.corrects.number))}`}
                    </span>
                  </th>
                ) : null}
                <EntryLineCells line={line} />
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
