import { formatMoney } from "../../src/core/money.ts";
import type { RecentGift } from "../../src/core/total.ts";
import { fundWords as words } from "../locales/en/fund.ts";
import { dayInShort } from "./when.ts";

/** Gifts whose donors let us show them. Names and notes are strangers' words: plain text only. */
export function RecentGifts({ gifts }: { gifts: readonly RecentGift[] }) {
  if (gifts.length === 0) return <p class="soft">{words.noRecentGifts}</p>;
  return (
    <ul class="gifts" role="list">
      {gifts.map((gift) => (
        <li>
          <span class="who">
            <bdi>{gift.name ?? words.withoutName}</bdi>
            {gift.note === null ? null : (
              <>
                {" "}
                <q class="soft" dir="auto">
                  {gift.note}
                </q>
              </>
            )}
            {gift.every === null ? null : (
              <>
                {" "}
                <span class="chip">{words.repeats[gift.every] ?? words.repeatsOtherwise}</span>
              </>
            )}
          </span>
          <time class="soft" datetime={gift.occurredOn}>
            {dayInShort(gift.occurredOn)}
          </time>
          <span class="num">{formatMoney(gift)}</span>
        </li>
      ))}
    </ul>
  );
}
