import { formatMoney } from "../../src/core/money.ts";
import {
  movementKinds,
  type OpenedPayout,
  openedState,
  type PayoutMember,
  type PayoutPlace,
  payoutSum,
} from "../../src/core/payout.ts";
import { payoutWords } from "../locales/en/payouts.ts";
import { Closes } from "../parts/book-head.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { PayoutChip, unusualOf } from "../parts/payout-chip.tsx";
import { PayoutMembers } from "../parts/payout-members.tsx";
import { PayoutWay } from "../parts/payout-way.tsx";
import { dayInWords } from "../parts/when.ts";

const words = payoutWords.one;
const path = "/desk/books/payouts";

export type PayoutPageProps = {
  frame: Frame;
  here: { slug: string; name: string };
  payout: OpenedPayout;
  members: readonly PayoutMember[];
  isFirst: boolean;
  /** Where the next page of movements begins; null when there is none. */
  next: PayoutPlace | null;
};

/** `/desk/books/payouts/:id`: a payout with everything in it, and whose it is. */
export function PayoutPage({ frame, here, payout, members, isFirst, next }: PayoutPageProps) {
  const heading = words.heading(formatMoney(payout), dayInWords(payout.arrivalDate));
  const entries = payout.movements.flatMap((movement) => movement.entries);
  const state = openedState(payout);
  const sum = payoutSum(payout);
  const gap = formatMoney({ amountMinor: payout.amountMinor - sum.netMinor, currency: payout.currency });
  const said = words.states[state];
  return (
    <Layout frame={frame} title={heading} current="desk">
      <main id="main" class="wrap books payout">
        <p class="over">
          <a href={`${path}?organisation=${here.slug}`}>{payoutWords.title}</a> / <span class="id">{payout.id}</span>
        </p>
        <h1>{heading}</h1>
        <Closes isGood={state === "adds up"} chip={payoutWords.chips[state]}>
          <p>
            {typeof said === "string"
              ? said
              : state === "differs"
                ? words.states.differs(gap)
                : words.states["adds up"](sum.count)}
          </p>
          {payout.unknownMembers > 0 ? <p>{words.unknownMembers(payout.unknownMembers)}</p> : null}
        </Closes>
        <Unusual payout={payout} />
        <div class="two">
          <section aria-labelledby="inside-heading">
            <h2 id="inside-heading">{words.inside}</h2>
            <Inside payout={payout} />
          </section>
          <section aria-labelledby="whose-heading">
            <h2 id="whose-heading">
              {words.whose}
              {payout.membersKnown || payout.shares.length === 0 ? null : (
                <span class="chip warn">{words.estimatedChip}</span>
              )}
            </h2>
            <Shares payout={payout} />
            <p class="actions">
              {entries.map(({ id, number }) => (
                <a class="btn quiet" href={`/desk/books/entries/${id}`}>
                  {words.entry(number)}
                </a>
              ))}
              {members.length === 0 ? null : (
                <a class="btn quiet" href={`${path}/${payout.id}/members.csv`} download>
                  {words.membersCsv}
                </a>
              )}
            </p>
          </section>
        </div>
        <section aria-labelledby="way-heading">
          <h2 id="way-heading">{words.wayHeading}</h2>
          <PayoutWay payout={payout} />
        </section>
        {members.length === 0 ? null : (
          <section aria-labelledby="members-heading">
            <h2 id="members-heading">{words.membersHeading}</h2>
            <PayoutMembers payout={payout} members={members} isFirst={isFirst} next={next} />
          </section>
        )}
      </main>
    </Layout>
  );
}

/** What is not as with any other payout. */
function Unusual({ payout }: { payout: OpenedPayout }) {
  const { originalPayout, reversedBy } = payout;
  if (unusualOf(payout).length === 0 && reversedBy === null) return null;
  return (
    <p class="small soft unusual">
      <PayoutChip payout={payout} />
      {originalPayout === null ? null : (
        <>
          {" "}
          {words.paysAgain} <a href={`${path}/${originalPayout}`}>{originalPayout}</a>
        </>
      )}
      {reversedBy === null ? null : (
        <>
          {" "}
          {words.reversedBy} <a href={`${path}/${reversedBy}`}>{reversedBy}</a>
        </>
      )}
    </p>
  );
}

function Inside({ payout }: { payout: OpenedPayout }) {
  const { kinds, currency, amountMinor, membersKnown } = payout;
  const { kindColumns: columns } = words;
  if (kinds.length === 0) return <p class="soft">{words.notItemised}</p>;
  const money = (minor: bigint): string => formatMoney({ amountMinor: minor, currency });
  const sum = payoutSum(payout);
  const gap = amountMinor - sum.netMinor;
  const inOrder = movementKinds.flatMap((kind) => kinds.find((each) => each.kind === kind) ?? []);
  return (
    <div class="scroll" role="region" aria-label={words.insideCaption} tabindex={0}>
      <table>
        <caption class="unseen">{words.insideCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.kind}</th>
            <th scope="col" class="r">
              {columns.count}
            </th>
            <th scope="col" class="r">
              {columns.gross}
            </th>
            <th scope="col" class="r">
              {columns.fee}
            </th>
            <th scope="col" class="r">
              {columns.net}
            </th>
          </tr>
        </thead>
        <tbody>
          {inOrder.map((kind) => (
            <tr>
              <th scope="row">{words.kinds[kind.kind]}</th>
              <td class="r">{kind.count.toLocaleString("en-CA")}</td>
              <td class="r">{money(kind.amountMinor)}</td>
              <td class="r">{money(kind.feeMinor)}</td>
              <td class="r">{money(kind.netMinor)}</td>
            </tr>
          ))}
          {gap === 0n || !membersKnown ? null : (
            <tr>
              <th scope="row">
                {words.gap} <span class="chip warn">2900</span>
              </th>
              <td class="r"></td>
              <td class="r"></td>
              <td class="r"></td>
              <td class="r">{money(gap)}</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.sum}</th>
            <td class="r">{sum.count.toLocaleString("en-CA")}</td>
            <td class="r">{money(sum.amountMinor)}</td>
            <td class="r">{money(sum.feeMinor)}</td>
            <td class="r">{money(amountMinor)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** A plain list: fund to the left, money to the right, and the payout under it. */
function Shares({ payout }: { payout: OpenedPayout }) {
  const { shares, currency, amountMinor } = payout;
  const some = shares.filter((share) => share.amountMinor !== 0n);
  const rest = amountMinor - shares.reduce((sum, share) => sum + share.amountMinor, 0n);
  return (
    <ul role="list" class="shares">
      {some.map((share) => (
        <li>
          <span>
            {share.fund === null || share.slug === null ? (
              words.unassigned
            ) : (
              <a href={`/desk/books/funds/${share.slug}`}>
                {share.isGeneral && share.amountMinor < 0n ? words.generalBears(share.fund) : share.fund}
              </a>
            )}
          </span>
          <span class="num">{formatMoney({ amountMinor: share.amountMinor, currency })}</span>
        </li>
      ))}
      {rest === 0n ? null : (
        <li>
          <span>
            {words.gap} <span class="chip warn">2900</span>
          </span>
          <span class="num">{formatMoney({ amountMinor: rest, currency })}</span>
        </li>
      )}
      <li class="sum">
        <span>{words.whoseSum}</span>
        <span class="num">{formatMoney({ amountMinor, currency })}</span>
      </li>
    </ul>
  );
}
