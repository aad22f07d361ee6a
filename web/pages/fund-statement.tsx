import { type Statement, statementLines, sumOf } from "../../src/core/book.ts";
import { entriesAddress, type EntryFilter } from "../../src/core/entry-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { bookWords } from "../locales/en/books.ts";
import { type AskedPeriod, BookPeriod, Closes, daysInWords, periodAddress } from "../parts/book-head.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

const words = bookWords.statement;

export type FundStatementPageProps = {
  frame: Frame;
  fund: { slug: string; name: string; bearsFees: boolean; restriction: string };
  statements: readonly Statement[];
  /** Names of organisations by slug; of those in `open` whoever looks may see the entries. */
  names: Readonly<Record<string, string>>;
  open: readonly string[];
  asked: AskedPeriod;
  today: string;
  fiscalYearStart: number;
};

/** `/desk/books/funds/:slug`: what a fund had, what came, what went, and what it has. */
export function FundStatementPage(props: FundStatementPageProps) {
  const { frame, fund, statements, asked, today, fiscalYearStart } = props;
  const path = `/desk/books/funds/${fund.slug}`;
  const period = daysInWords(asked.period);
  return (
    <Layout frame={frame} title={`${fund.name}: ${period}`} current="desk">
      <main id="main" class="wrap books">
        <p class="over">
          <a href="/desk/books">{words.back}</a> / {words.over}, {period}
        </p>
        <h1>{fund.name}</h1>
        <p class="soft fund-facts">
          {fund.restriction === "" ? null : (
            <>
              <span class="chip">{bookWords.restricted}</span> {words.restriction(fund.restriction)}{" "}
            </>
          )}
          {fund.bearsFees ? words.bearsFees : words.bearsNoFees}
        </p>
        <BookPeriod path={path} keeps={[]} today={today} fiscalYearStart={fiscalYearStart} {...asked} />
        {statements.length === 0 ? <p class="soft calm">{words.empty}</p> : null}
        {statements.map((statement) => (
          <OneStatement statement={statement} {...props} />
        ))}
        {statements.length === 0 ? null : (
          <p class="actions">
            <a class="btn quiet" href={periodAddress(`${path}/statement.csv`, [], asked.period)} download>
              {words.csv}
            </a>
            <a class="btn quiet" href={periodAddress(`${path}/statement.json`, [], asked.period)}>
              {words.json}
            </a>
          </p>
        )}
      </main>
    </Layout>
  );
}

type Rows = Pick<FundStatementPageProps, "fund" | "names" | "open" | "asked"> & { statement: Statement };

function OneStatement(props: Rows) {
  const { statement } = props;
  const { currency, opening, lines, closing, places } = statement;
  const gap =
    sumOf(opening) + sumOf(lines.flatMap(({ amounts }) => amounts)) - sumOf(places.flatMap(({ amounts }) => amounts));
  return (
    <div class="one-currency">
      <Closes isGood={gap === 0n} chip={gap === 0n ? words.chip : words.gap}>
        <p>
          {gap === 0n
            ? words.closes(formatMoney({ amountMinor: sumOf(closing), currency }))
            : words.opensNot(formatMoney({ amountMinor: gap, currency }))}
        </p>
      </Closes>
      <div class="two statement">
        <div>
          <h2>{words.linesHeading}</h2>
          <Lines {...props} />
        </div>
        <div>
          <h2>{words.placesHeading}</h2>
          <Places {...props} />
        </div>
      </div>
    </div>
  );
}

function Lines(props: Rows) {
  const { statement, asked } = props;
  const { currency, opening, lines, closing } = statement;
  return (
    <div class="scroll" role="region" aria-label={words.caption(currency)} tabindex={0}>
      <table>
        <caption class="unseen">{words.caption(currency)}</caption>
        <Head first={words.item} {...props} />
        <tbody>
          {asked.period.from === null ? null : (
            <tr>
              <th scope="row">{words.opening}</th>
              <Amounts amounts={opening} {...props} />
            </tr>
          )}
          {lines.map(({ line, codes, amounts }) => (
            <tr>
              <th scope="row">{words.lines[line]}</th>
              <Amounts
                amounts={amounts}
                {...props}
                entries={{ codes: line === "other" ? codes : [...statementLines[line]], period: asked.period }}
                label={words.entriesOf(words.lines[line])}
              />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.closing}</th>
            <Amounts amounts={closing} {...props} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Places(props: Rows) {
  const { statement, asked } = props;
  const { places, closing } = statement;
  return (
    <div class="scroll" role="region" aria-label={words.placesCaption} tabindex={0}>
      <table>
        <caption class="unseen">{words.placesCaption}</caption>
        <Head first={words.account} {...props} />
        <tbody>
          {places.map(({ code, name, amounts }) => (
            <tr>
              <th scope="row">
                {name} <span class="soft num">{code}</span>
              </th>
              <Amounts
                amounts={amounts}
                {...props}
                entries={{ codes: [code], period: { from: null, to: asked.period.to } }}
                label={words.entriesOf(name)}
              />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.closing}</th>
            <Amounts amounts={closing} {...props} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** A column for each organisation of a joint fund, and their sum. */
function Head({ first, statement, names }: Rows & { first: string }) {
  const { organisations, currency } = statement;
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {organisations.map((slug) => (
          <th scope="col" class="r">
            {organisations.length === 1 ? currency : (names[slug] ?? slug)}
          </th>
        ))}
        {organisations.length === 1 ? null : (
          <th scope="col" class="r">
            {words.sum}
          </th>
        )}
      </tr>
    </thead>
  );
}

type AmountsProps = Rows & { amounts: readonly bigint[]; entries?: Partial<EntryFilter>; label?: string };

function Amounts({ amounts, statement, fund, open, entries, label }: AmountsProps) {
  const { organisations, currency } = statement;
  return (
    <>
      {organisations.map((slug, index) => {
        const amountMinor = amounts[index] ?? 0n;
        const text = formatMoney({ amountMinor, currency });
        return (
          <td class="r">
            {entries === undefined || amountMinor === 0n || !open.includes(slug) ? (
              text
            ) : (
              <a
                href={entriesAddress(slug, { ...entries, fund: fund.slug, currency })}
                aria-label={`${text}. ${label}`}
              >
                {text}
              </a>
            )}
          </td>
        );
      })}
      {organisations.length === 1 ? null : <td class="r">{formatMoney({ amountMinor: sumOf(amounts), currency })}</td>}
    </>
  );
}
