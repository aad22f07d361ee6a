import { formatMoney } from "../../src/core/money.ts";
import { type PayoutLine, type PayoutPlace, payoutState, writeMoment } from "../../src/core/payout.ts";
import { payoutWords as words } from "../locales/en/payouts.ts";
import { BookPlaces, type Place } from "../parts/book-head.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { PayoutChip } from "../parts/payout-chip.tsx";
import { dayInShort } from "../parts/when.ts";

const path = "/desk/books/payouts";

export type PayoutsPageProps = {
  frame: Frame;
  places: readonly Place[];
  here: Place;
  payouts: readonly PayoutLine[];
  isFirst: boolean;
  /** Where the next page begins; null when there is none. */
  older: PayoutPlace | null;
};

/** `/desk/books/payouts`: what went to the bank, newest first. */
export function PayoutsPage({ frame, places, here, payouts, isFirst, older }: PayoutsPageProps) {
  const own = `organisation=${here.slug}`;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap books">
        <p class="over">{here.name}</p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <BookPlaces places={places} here={here.slug} path={path} />
        {payouts.length === 0 ? <p class="soft calm">{words.none}</p> : <Payouts payouts={payouts} />}
        <nav class="actions" aria-label={words.pages}>
          {isFirst ? null : (
            <a class="btn quiet" href={`${path}?${own}`}>
              {words.newest}
            </a>
          )}
          {older === null ? null : (
            <a class="btn quiet" href={`${path}?${own}&before=${writeMoment(older)}`} rel="next">
              {words.older}
            </a>
          )}
          <a class="btn quiet" href={`${path}/check?${own}`}>
            {words.check}
          </a>
          {payouts.length === 0 ? null : (
            <a class="btn quiet" href={`${path}.csv?${own}`} download>
              {words.csv}
            </a>
          )}
        </nav>
      </main>
    </Layout>
  );
}

function Payouts({ payouts }: Pick<PayoutsPageProps, "payouts">) {
  const { columns } = words;
  const accounts = new Set(payouts.map(({ account }) => account));
  return (
    <div class="scroll spaced" role="region" aria-label={words.caption} tabindex={0}>
      <table>
        <caption class="unseen">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.day}</th>
            <th scope="col" class="r">
              {columns.amount}
            </th>
            <th scope="col" class="after">
              {columns.state}
            </th>
            <th scope="col">{columns.members}</th>
            <th scope="col">{columns.id}</th>
            {accounts.size > 1 ? <th scope="col">{columns.account}</th> : null}
          </tr>
        </thead>
        <tbody>
          {payouts.map((payout) => (
            <tr>
              <th scope="row">
                <a href={`${path}/${payout.id}`}>{dayInShort(payout.arrivalDate)}</a>
              </th>
              <td class="r">{formatMoney(payout)}</td>
              <td class="after">
                <PayoutChip payout={payout} state={payoutState(payout)} />
              </td>
              <td class="soft">{payout.membersKnown ? words.members(payout.members) : words.membersUnknown}</td>
              <td class="id">{payout.id}</td>
              {accounts.size > 1 ? <td>{payout.account}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
