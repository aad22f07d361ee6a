import { formatMoney } from "../../src/core/money.ts";
import { ruleWords as words } from "../locales/en/settings.ts";

/** Payments that a rule would sort anew: how many, and what they are now. */
type Sorted = {
  was: "gift" | "other income" | "not ours";
  wasFund: string | null;
  payments: bigint;
  currency: string;
  amountMinor: bigint | null;
};

type RulePreviewProps = {
  preview: readonly Sorted[];
  /** Sent along with the form, so that nothing else is confirmed than what was shown. */
  count: string;
  fundName: (slug: string) => string;
};

/** What a rule would do, inside the form that makes it. */
export function RulePreviewPart({ preview, count, fundName }: RulePreviewProps) {
  return (
    <div class="preview" role="status">
      <h2>{words.previewHeading}</h2>
      {preview.length === 0 ? <p>{words.previewNone}</p> : null}
      <ul>
        {preview.map(({ was, wasFund, payments, currency, amountMinor }) => (
          <li>
            {words.previewLine(Number(payments), wasInWords(was, wasFund, fundName))}
            {amountMinor === null ? "" : `: ${formatMoney({ amountMinor, currency })}`}
          </li>
        ))}
      </ul>
      <input type="hidden" name="confirmed" value={count} />
    </div>
  );
}

function wasInWords(was: Sorted["was"], fund: string | null, fundName: (slug: string) => string): string {
  if (was !== "gift") return words.was[was];
  return fund === null ? words.was.waiting : words.was.gift(fundName(fund));
}
