import type { Child } from "hono/jsx";
import { presetPeriods } from "../../src/core/board-period.ts";
import type { Period, PeriodRefusal } from "../../src/core/period.ts";
import { boardWords } from "../locales/en/board.ts";
import { bookWords as words } from "../locales/en/books.ts";
import { DayField } from "./day-field.tsx";
import { dayInWords } from "./when.ts";

/** An organisation whose books can be looked at. */
export type Place = { slug: string; name: string };

/** The same page of another organisation's books; nothing where there is only one. */
export function BookPlaces({ places, here, path }: { places: readonly Place[]; here: string; path: string }) {
  if (places.length < 2) return null;
  return (
    <nav class="periods" aria-label={words.placeNavigation}>
      <ul role="list">
        {places.map(({ slug, name }) => (
          <li>
            <a
              class="btn quiet"
              href={`${path}?organisation=${slug}`}
              {...(slug === here ? { "aria-current": "true" } : {})}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A period that was asked for, and why it cannot be shown if it cannot. */
export type AskedPeriod = { period: Period; refusal: PeriodRefusal | null; typed: { from: string; to: string } };

type BookPeriodProps = AskedPeriod & {
  path: string;
  /** What else stands in the address, by name. */
  keeps: readonly [string, string][];
  /** What of that stands in no field of the form, when the form has fields of its own. */
  fixed?: readonly [string, string][];
  today: string;
  fiscalYearStart: number;
  /** What opens the form, and whether it stands open though the period is a usual one. */
  summary?: string;
  isOpen?: boolean;
  /** More fields of the form. */
  children?: Child;
};

/** The usual periods as links, and a plain form for any other. */
export function BookPeriod(props: BookPeriodProps) {
  const { path, keeps, period, refusal, typed, today, fiscalYearStart, children } = props;
  const { fixed = keeps, summary = boardWords.ownPeriod, isOpen = false } = props;
  const presets = presetPeriods(today, fiscalYearStart);
  const here = refusal === null ? presets.find(({ days }) => days.from === period.from && days.to === period.to) : null;
  return (
    <div class="periods">
      <nav aria-label={words.periodNavigation}>
        <ul role="list">
          {presets.map(({ name, days }) => (
            <li>
              <a
                class="btn quiet"
                href={periodAddress(path, keeps, days)}
                {...(name === here?.name ? { "aria-current": "true" } : {})}
              >
                {boardWords.periods[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <details open={isOpen || here === undefined || here === null}>
        <summary>{summary}</summary>
        <form method="get" action={path} novalidate class={refusal === null ? "" : "wrong"}>
          {refusal === null ? null : (
            <p class="error" id="period-error" role="alert">
              {refusal.words}
            </p>
          )}
          {fixed.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <DayField name="from" label={boardWords.from} value={typed.from} isWrong={refusal !== null} />
          <DayField name="to" label={boardWords.to} value={typed.to} isWrong={refusal !== null} />
          {children}
          <button class="btn quiet" type="submit">
            {boardWords.showPeriod}
          </button>
        </form>
      </details>
    </div>
  );
}

/** An address with a period in it. */
export function periodAddress(path: string, keeps: readonly [string, string][], { from, to }: Period): string {
  const query = new URLSearchParams(keeps.map(([name, value]) => [name, value]));
  if (from !== null) query.set("from", from);
  if (to !== null) query.set("to", to);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** "All time", "Since 1 March 2021", "1 March 2021 to 30 April 2021". */
export function daysInWords({ from, to }: Period): string {
  if (from === null && to === null) return boardWords.allTime;
  if (from === null) return boardWords.until(dayInWords(to ?? ""));
  if (to === null) return boardWords.since(dayInWords(from));
  return from === to ? dayInWords(from) : `${dayInWords(from)} to ${dayInWords(to)}`;
}

/** Whether sums close, in one calm line. */
export function Closes({ isGood, chip, children }: { isGood: boolean; chip: string; children: Child }) {
  return (
    <div class={isGood ? "proof" : "proof warn"}>
      <span class={isGood ? "chip good" : "chip warn"}>{chip}</span>
      <div>{children}</div>
    </div>
  );
}
