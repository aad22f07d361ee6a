import type { PeriodRefusal } from "../../src/core/period.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { boardAddress, presetPeriods, type Days, type Place } from "./preset-periods.ts";

/** Why the period of an address cannot be shown, with what was typed. */
export type PeriodError = { refusal: PeriodRefusal; typed: { from: string; to: string } };

type PeriodChoiceProps = {
  period: Days;
  within: Place | null;
  today: string;
  fiscalYearStart: number;
  error: PeriodError | null;
};

/** The period lives in the address: links for the usual ones, a plain form for any other. */
export function PeriodChoice({ period, within, today, fiscalYearStart, error }: PeriodChoiceProps) {
  const presets = presetPeriods(today, fiscalYearStart);
  const preset =
    error === null ? presets.find(({ days }) => days.from === period.from && days.to === period.to) : undefined;
  return (
    <div class="periods">
      <nav aria-label={words.periodNavigation}>
        <ul role="list">
          {presets.map(({ name, days }) => (
            <li>
              <a
                class="btn quiet"
                href={boardAddress(days, within)}
                {...(name === preset?.name ? { "aria-current": "true" } : {})}
              >
                {words.periods[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <details open={preset === undefined}>
        <summary>{words.ownPeriod}</summary>
        <form method="get" action="/board" novalidate class={error === null ? "" : "wrong"}>
          {error === null ? null : (
            <p class="error" id="period-error" role="alert">
              {error.refusal.words}
            </p>
          )}
          {within === null ? null : <input type="hidden" name="organisation" value={within.organisation} />}
          {within?.fund == null ? null : <input type="hidden" name="fund" value={within.fund} />}
          <Day name="from" label={words.from} value={error?.typed.from ?? period.from ?? ""} isWrong={error !== null} />
          <Day name="to" label={words.to} value={error?.typed.to ?? period.to ?? ""} isWrong={error !== null} />
          <button class="btn quiet" type="submit">
            {words.showPeriod}
          </button>
        </form>
      </details>
    </div>
  );
}

/** A day; after a mistake as plain text, because a date field would drop what was typed. */
function Day({ name, label, value, isWrong }: { name: "from" | "to"; label: string; value: string; isWrong: boolean }) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={isWrong ? "text" : "date"}
        value={value}
        {...(isWrong ? { "aria-invalid": "true", "aria-describedby": "period-error" } : {})}
      />
    </div>
  );
}
