import { formatMoney } from "../../src/core/money.ts";
import {
  type OpenedPayout,
  type PayoutMember,
  type PayoutPlace,
  payoutSum,
  writeMoment,
} from "../../src/core/payout.ts";
import { payoutWords } from "../locales/en/payouts.ts";
import { dayInShort } from "./when.ts";

const words = payoutWords.one;

type PayoutMembersProps = {
  payout: OpenedPayout;
  members: readonly PayoutMember[];
  isFirst: boolean;
  next: PayoutPlace | null;
};

/** Every balance transaction of a payout: what it is, whose it is, and the sum of all, also of those on other pages. */
export function PayoutMembers({ payout, members, isFirst, next }: PayoutMembersProps) {
  const { memberColumns: columns } = words;
  const { currency } = payout;
  const sum = payoutSum(payout);
  const here = `/desk/books/payouts/${payout.id}`;
  return (
    <>
      <div class="scroll" role="region" aria-label={words.membersCaption} tabindex={0}>
        <table class="members">
          <caption class="unseen">{words.membersCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.what}</th>
              <th scope="col" class="r">
                {columns.gross}
              </th>
              <th scope="col" class="r">
                {columns.fee}
              </th>
              <th scope="col" class="r">
                {columns.net}
              </th>
              <th scope="col" class="after">
                {columns.whose}
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <Member member={member} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.membersSum(sum.count)}</th>
              <td class="r">{formatMoney({ amountMinor: sum.amountMinor, currency })}</td>
              <td class="r">{formatMoney({ amountMinor: sum.feeMinor, currency })}</td>
              <td class="r">{formatMoney({ amountMinor: sum.netMinor, currency })}</td>
              <td></td>
            </tr>
          </tfoot>
        </table>
      </div>
      {isFirst && next === null ? null : (
        <nav class="actions" aria-label={payoutWords.pages}>
          {isFirst ? null : (
            <a class="btn quiet" href={`${here}#members-heading`}>
              {words.first}
            </a>
          )}
          {next === null ? null : (
            <a class="btn quiet" href={`${here}?after=${writeMoment(next)}#members-heading`} rel="next">
              {words.next}
            </a>
          )}
        </nav>
      )}
    </>
  );
}

function Member({ member }: { member: PayoutMember }) {
  const { kind, day, paymentId, entryId, entryNumber, shares, currency, description } = member;
  const [only, ...others] = shares;
  return (
    <tr>
      <th scope="row">
        {paymentId === null ? words.oneOf[kind] : <a href={`/desk/gifts/${paymentId}`}>{words.oneOf[kind]}</a>}
        {paymentId === null && description !== null ? <span class="under">{description}</span> : null}
        <span class="under">
          {dayInShort(day)}
          {entryId === null || entryNumber === null ? null : (
            <a href={`/desk/books/entries/${entryId}`}>{words.memberEntry(String(entryNumber))}</a>
          )}
        </span>
      </th>
      <td class="r">{formatMoney({ amountMinor: member.amountMinor, currency })}</td>
      <td class="r">{formatMoney({ amountMinor: member.feeMinor, currency })}</td>
      <td class="r">{formatMoney({ amountMinor: member.netMinor, currency })}</td>
      <td class="after">
        {others.length === 0
          ? only === undefined
            ? ""
            : (only.fund ?? words.unassigned)
          : shares.map(({ fund, amountMinor }) => (
              <span class="share">
                {fund ?? words.unassigned} <span class="soft num">{formatMoney({ amountMinor, currency })}</span>
              </span>
            ))}
      </td>
    </tr>
  );
}
