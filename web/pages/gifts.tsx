import {
  type GiftFilter as Filter,
  type GiftLine,
  type GiftPlace,
  type GiftSearch,
  giftsAddress,
  type GiftSums,
  writePlace,
} from "../../src/core/gift-list.ts";
import { entriesAddress } from "../../src/core/entry-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { giftListWords as words } from "../locales/en/gift-list.ts";
import { correctionWords } from "../locales/en/money.ts";
import type { Frame } from "../parts/frame.ts";
import { FilterFields, GiftFilter, type GiftFilterProps } from "../parts/gift-filter.tsx";
import { Layout } from "../parts/layout.tsx";
import { dayInShort } from "../parts/when.ts";

export type GiftsPageProps = Pick<GiftFilterProps, "filter" | "choices" | "period"> & {
  frame: Frame;
  /** What was looked for, and what that was taken for. */
  search: { typed: string; by: GiftSearch["by"] | null };
  lines: readonly GiftLine[];
  /** What all lines add up to, not only those of this page; null when there are too many. */
  sums: GiftSums | null;
  /** Whether this page shows the newest. */
  isFirst: boolean;
  /** Where the next page begins; null when there is none. */
  older: GiftPlace | null;
  /** The organisation whose books have the entries behind these sums; null where they cannot be told apart. */
  books: string | null;
};

/** `/desk/gifts`: every gift, newest first. */
export function GiftsPage({
  frame,
  filter,
  choices,
  period,
  search,
  lines,
  sums,
  isFirst,
  older,
  books,
}: GiftsPageProps) {
  const isUnsettled = filter.state !== null && filter.state !== "awaiting";
  const byCurrency = sums?.byCurrency ?? [];
  const all = byCurrency.reduce((sum, { lines }) => sum + lines, 0);
  const awaiting = byCurrency.reduce((sum, each) => sum + each.awaiting, 0);
  const isOfDays = sums?.isByDay === true && (filter.period.from !== null || filter.period.to !== null);
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap gifts-list">
        <h1>{words.heading}</h1>
        <p class="lead">{words.lead}</p>
        <GiftFilter filter={filter} choices={choices} typed={search.typed} period={period} />
        <section aria-labelledby="found">
          <div class="found">
            <h2 id="found">
              {sums === null ? words.many(!isUnsettled) : words.found(all, !isUnsettled)}
              {search.by === null ? null : (
                <>
                  {" "}
                  <span class="soft">{words.by[search.by](search.typed.trim())}</span>
                </>
              )}
            </h2>
            {lines.length === 0 ? null : <Download filter={filter} typed={search.typed} />}
          </div>
          {isUnsettled && all > 0 ? <p class="small soft">{words.unsettledNote}</p> : null}
          {awaiting > 0 && filter.state === null ? <p class="small soft">{words.awaiting(awaiting)}</p> : null}
          {sums === null ? <p class="small soft">{words.manyNote}</p> : null}
          {isOfDays && byCurrency.length > 0 ? <p class="small soft">{words.byDayNote}</p> : null}
          {lines.length === 0 && byCurrency.length === 0 ? (
            <p class="soft">{isFirst && search.by === null && filterIsEmpty(filter) ? words.nothingYet : words.none}</p>
          ) : (
            <Lines
              lines={lines}
              sums={byCurrency}
              books={books === null ? null : { organisation: books, fund: filter.fund, period: filter.period }}
              isUnsettled={isUnsettled}
              mayCorrect={frame.desk?.deeds.includes("keep money") === true && !isUnsettled}
            />
          )}
          <Pages filter={filter} typed={search.typed} isFirst={isFirst} older={older} />
        </section>
      </main>
    </Layout>
  );
}

function filterIsEmpty(filter: Filter): boolean {
  return giftsAddress(filter) === "/desk/gifts";
}

/** The amount stands beside the giver, where a phone shows it without scrolling. */
type Books = ({ organisation: string } & Pick<Filter, "fund" | "period">) | null;

type LinesProps = Pick<GiftsPageProps, "lines"> & {
  sums: GiftSums["byCurrency"];
  books: Books;
  isUnsettled: boolean;
  mayCorrect: boolean;
};

function Lines({ lines, sums, books, isUnsettled, mayCorrect }: LinesProps) {
  const { columns } = words;
  return (
    <div class="scroll" role="region" aria-label={words.caption} tabindex={0}>
      <table>
        <caption class="unseen">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.day}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col" class="r">
              {columns.given}
            </th>
            <th scope="col" class="r">
              {columns.returned}
            </th>
            <th scope="col" class="r">
              {columns.raised}
            </th>
            <th scope="col">{columns.fund}</th>
            <th scope="col">{columns.way}</th>
            {mayCorrect ? <th scope="col">{correctionWords.correct}</th> : null}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line line={line} mayCorrect={mayCorrect} />
          ))}
        </tbody>
        <tfoot>
          {sums.map(({ currency, lines, givenMinor, returnedMinor }) => (
            <tr>
              <th scope="row">
                {words.sum(words.found(lines, !isUnsettled))}
                {sums.length > 1 ? <span class="chip">{currency}</span> : null}
              </th>
              <td></td>
              <td class="r">
                <Booked books={books} codes={["4000"]} currency={currency} amountMinor={givenMinor} />
              </td>
              <td class="r">
                <Booked books={books} codes={["4090", "1110"]} currency={currency} amountMinor={-returnedMinor} />
              </td>
              <td class="r">{money(givenMinor - returnedMinor, currency)}</td>
              <td colspan={mayCorrect ? 3 : 2}></td>
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

function Line({ line, mayCorrect }: { line: GiftLine; mayCorrect: boolean }) {
  const { currency, amountMinor, returnedMinor, state, every } = line;
  return (
    <tr>
      <th scope="row">
        <a href={`/desk/gifts/${line.paymentId}`}>{dayInShort(line.occurredOn)}</a>
        {line.countedOn === line.occurredOn ? null : (
          <span class="under">{words.countedOn(dayInShort(line.countedOn))}</span>
        )}
      </th>
      <td class="giver">
        {line.name === null && line.email === null ? <span class="soft">{words.nobody}</span> : null}
        {line.name === null ? null : <bdi>{line.name}</bdi>}
        {line.email === null ? null : (
          <span class={line.name === null ? "" : "under"}>
            <bdi>{line.email}</bdi>
          </span>
        )}
      </td>
      <td class="r">{amountMinor === null ? "—" : money(amountMinor, currency)}</td>
      <td class="r">{returnedMinor === 0n ? "" : money(-returnedMinor, currency)}</td>
      <td class="r">{amountMinor === null ? "—" : money(amountMinor - returnedMinor, currency)}</td>
      <td>
        {line.fund ?? <span class="soft">{state === "counted" || state === "awaiting" ? words.unassigned : "—"}</span>}
        {line.campaign === null ? null : <span class="under">{line.campaign}</span>}
        {line.organisation === null ? null : <span class="under">{line.organisation}</span>}
      </td>
      <td>
        {words.sources[line.source]}
        {every === null ? null : (
          <>
            {" "}
            <span class="chip">{words.every[every] ?? words.repeats}</span>
          </>
        )}
        {state === "counted" ? null : (
          <>
            {" "}
            <span class="chip warn">{words.states[state]}</span>
          </>
        )}
      </td>
      {mayCorrect ? (
        <td>
          <a
            href={`/desk/gifts/${line.paymentId}/correct/${line.part}`}
            aria-label={correctionWords.correctOf(
              amountMinor === null ? "—" : money(amountMinor, currency),
              dayInShort(line.occurredOn),
            )}
          >
            {correctionWords.correct}
          </a>
        </td>
      ) : null}
    </tr>
  );
}

/** A link while nothing was searched for; else a form, which carries what was. */
function Download({ filter, typed }: { filter: Filter; typed: string }) {
  if (typed.trim() === "") {
    return (
      <a class="btn quiet" href={giftsAddress(filter, null, "/desk/gifts.csv")} download>
        {words.download}
      </a>
    );
  }
  return (
    <form method="post" action="/desk/gifts.csv">
      <FilterFields filter={filter} typed={typed} />
      <button class="btn quiet" type="submit">
        {words.download}
      </button>
    </form>
  );
}

function Pages({
  filter,
  typed,
  isFirst,
  older,
}: Pick<GiftsPageProps, "filter" | "isFirst" | "older"> & { typed: string }) {
  if (isFirst && older === null) return null;
  const isSearch = typed.trim() !== "";
  return (
    <nav class="actions" aria-label={words.pages}>
      {isFirst || isSearch ? null : (
        <a class="btn quiet" href={giftsAddress(filter)}>
          {words.newest}
        </a>
      )}
      {older === null || isSearch ? null : (
        <a class="btn quiet" href={giftsAddress(filter, older)} rel="next">
          {words.older}
        </a>
      )}
      {isSearch && !isFirst ? (
        <form method="post" action="/desk/gifts">
          <FilterFields filter={filter} typed={typed} />
          <button class="btn quiet" type="submit">
            {words.newest}
          </button>
        </form>
      ) : null}
      {isSearch && older !== null ? (
        <form method="post" action="/desk/gifts">
          <FilterFields filter={filter} typed={typed} />
          <input type="hidden" name="before" value={writePlace(older)} />
          <button class="btn quiet" type="submit">
            {words.older}
          </button>
        </form>
      ) : null}
    </nav>
  );
}

type BookedProps = { books: Books; codes: string[]; currency: string; amountMinor: bigint };

/** A sum, and the way to the entries behind it. */
function Booked({ books, codes, currency, amountMinor }: BookedProps) {
  const text = money(amountMinor, currency);
  if (books === null || amountMinor === 0n) return <>{text}</>;
  const { organisation, fund, period } = books;
  return (
    <a href={entriesAddress(organisation, { codes, fund, period, currency })} aria-label={words.entriesBehind(text)}>
      {text}
    </a>
  );
}

function money(amountMinor: bigint, currency: string): string {
  return currency === "" ? "—" : formatMoney({ amountMinor, currency });
}
