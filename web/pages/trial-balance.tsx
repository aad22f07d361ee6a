import { sumOf, type TrialBalance } from "../../src/core/book.ts";
import { entriesAddress } from "../../src/core/entry-list.ts";
import { noFund } from "../../src/core/gift-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { bookWords } from "../locales/en/books.ts";
import {
  type AskedPeriod,
  BookPeriod,
  BookPlaces,
  Closes,
  daysInWords,
  periodAddress,
  type Place,
} from "../parts/book-head.tsx";
import { Choice } from "../parts/choice.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

const words = bookWords.trial;
const path = "/desk/books/trial-balance";

export type TrialBalancePageProps = {
  frame: Frame;
  places: readonly Place[];
  here: Place;
  /** The fund that it is limited to, `noFund`, or null. */
  fund: string | null;
  funds: readonly { slug: string; name: string }[];
  balances: readonly TrialBalance[];
  asked: AskedPeriod;
  today: string;
  fiscalYearStart: number;
};

/** `/desk/books/trial-balance`: every account of the books, and that debits are credits. */
export function TrialBalancePage(props: TrialBalancePageProps) {
  const { frame, places, here, fund, funds, balances, asked, today, fiscalYearStart } = props;
  const own: [string, string][] = [["organisation", here.slug]];
  const keeps: [string, string][] = fund === null ? own : [...own, ["fund", fund]];
  return (
    <Layout frame={frame} title={`${words.title}: ${daysInWords(asked.period)}`} current="desk">
      <main id="main" class="wrap books">
        <p class="over">
          <a href={`/desk/books?organisation=${here.slug}`}>{bookWords.title}</a> / {here.name},{" "}
          {daysInWords(asked.period)}
        </p>
        <h1>{words.title}</h1>
        <BookPlaces places={places} here={here.slug} path={path} />
        <BookPeriod
          path={path}
          keeps={keeps}
          fixed={own}
          summary={words.summary}
          isOpen={fund !== null}
          today={today}
          fiscalYearStart={fiscalYearStart}
          {...asked}
        >
          <Choice name="fund" label={words.fund} chosen={fund} any={words.anyFund}>
            {[{ slug: noFund, name: bookWords.unassigned }, ...funds]}
          </Choice>
        </BookPeriod>
        {balances.length === 0 ? <p class="soft calm">{words.empty}</p> : null}
        {balances.map((balance) => (
          <OneBalance balance={balance} {...props} />
        ))}
        {balances.length === 0 ? null : (
          <p class="actions">
            <a class="btn quiet" href={periodAddress(`${path}.csv`, keeps, asked.period)} download>
              {words.csv}
            </a>
            <a class="btn quiet" href={periodAddress(`${path}.json`, keeps, asked.period)}>
              {words.json}
            </a>
          </p>
        )}
      </main>
    </Layout>
  );
}

function OneBalance({ balance, here, fund, asked }: TrialBalancePageProps & { balance: TrialBalance }) {
  const { currency, lines, debitMinor, creditMinor } = balance;
  const hasBefore = asked.period.from !== null;
  const money = (amountMinor: bigint): string => formatMoney({ amountMinor, currency });
  const some = (amountMinor: bigint): string => (amountMinor === 0n ? "" : money(amountMinor));
  const isGood = debitMinor === creditMinor;
  return (
    <div class="one-currency">
      <Closes isGood={isGood} chip={isGood ? words.chip : words.gap}>
        <p>{isGood ? words.closes : words.differs(money(debitMinor - creditMinor))}</p>
      </Closes>
      <div class="scroll spaced" role="region" aria-label={words.caption(currency)} tabindex={0}>
        <table>
          <caption class="unseen">{words.caption(currency)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.account}</th>
              {hasBefore ? (
                <>
                  <th scope="col" class="r">
                    {words.columns.before}
                  </th>
                  <th scope="col" class="r">
                    {words.columns.moved}
                  </th>
                </>
              ) : null}
              <th scope="col" class="r">
                {words.columns.debit}
              </th>
              <th scope="col" class="r">
                {words.columns.credit}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => {
              const upTo = entriesAddress(here.slug, {
                codes: [line.code],
                fund,
                currency,
                period: { from: null, to: asked.period.to },
              });
              const moved = entriesAddress(here.slug, { codes: [line.code], fund, currency, period: asked.period });
              return (
                <tr>
                  <th scope="row">
                    <a href={upTo}>{line.name}</a> <span class="soft num">{line.code}</span>
                  </th>
                  {hasBefore ? (
                    <>
                      <td class="r">{money(line.beforeMinor)}</td>
                      <td class="r">
                        {line.movedMinor === 0n ? money(0n) : <a href={moved}>{money(line.movedMinor)}</a>}
                      </td>
                    </>
                  ) : null}
                  <td class="r">{some(line.debitMinor)}</td>
                  <td class="r">{some(line.creditMinor)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.sum}</th>
              {hasBefore ? (
                <>
                  <td class="r">{money(sumOf(lines.map(({ beforeMinor }) => beforeMinor)))}</td>
                  <td class="r">{money(sumOf(lines.map(({ movedMinor }) => movedMinor)))}</td>
                </>
              ) : null}
              <td class="r">{money(debitMinor)}</td>
              <td class="r">{money(creditMinor)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}
