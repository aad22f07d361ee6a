import { entriesAddress } from "../../src/core/entry-list.ts";
import { everyGift, giftsAddress, type GiftFilter } from "../../src/core/gift-list.ts";
import { answerWords as words } from "../locales/en/answers.ts";
import type { RowsLink } from "./answer.ts";
import type { BoardData } from "./board-data.ts";

/** The gifts behind figures of this board. */
export function giftRows(
  data: BoardData,
  filter: Partial<GiftFilter> = {},
  label: string = words.rowsInGifts,
): RowsLink {
  const { from, to, within } = data;
  const place = {
    fund: within?.fund ?? null,
    campaign: within?.campaign ?? null,
    organisation: within === null || within.fund !== null ? null : within.organisation,
  };
  return { label, href: giftsAddress({ ...everyGift, ...place, period: { from, to }, ...filter }), needs: "gifts" };
}

/** The entries of the books behind figures of this board, a link for each organisation whose books they are in. */
export function entryRows(
  data: BoardData,
  codes: string[],
  fund: string | null = data.within?.fund ?? null,
): RowsLink[] {
  const { from, to, currency, answers } = data;
  const { organisations } = answers.trust;
  return organisations.map(({ slug, name }) => ({
    label: organisations.length === 1 ? words.rowsInBooks : `${words.rowsInBooks}: ${name}`,
    href: entriesAddress(slug, { codes, fund, currency, period: { from, to } }),
    needs: "books",
  }));
}
