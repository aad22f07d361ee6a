import type { PayoutLine, PayoutState } from "../../src/core/payout.ts";
import { payoutWords as words } from "../locales/en/payouts.ts";

type PayoutChipProps = {
  payout: Pick<PayoutLine, "status" | "amountMinor" | "automatic" | "method" | "originalPayout">;
  /** Left out where it is said beside. */
  state?: PayoutState;
};

/** Where a payout stands: whether it adds up, and what is unusual about it. */
export function PayoutChip({ payout, state }: PayoutChipProps) {
  const unusual = unusualOf(payout);
  const tone = state === "adds up" ? "good" : state === "differs" || state === "failed" ? "warn" : "";
  return (
    <span class="chips">
      {state === undefined ? null : <span class={`chip ${tone}`}>{words.chips[state]}</span>}
      {unusual.map((word) => (
        <span class="chip">{word}</span>
      ))}
    </span>
  );
}

/** What is not as with most payouts, in words. */
export function unusualOf({
  status,
  amountMinor,
  automatic,
  method,
  originalPayout,
}: PayoutChipProps["payout"]): string[] {
  return [
    status === "paid" || status === "failed" ? null : (words.statuses[status] ?? status),
    amountMinor < 0n ? words.negative : null,
    method === "instant" ? words.instant : automatic ? null : words.manual,
    originalPayout === null ? null : words.again,
  ].filter((word) => word !== null);
}
