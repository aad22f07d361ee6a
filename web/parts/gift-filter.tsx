import type { Child } from "hono/jsx";
import {
  filterFields,
  type GiftFilter as Filter,
  giftReturns,
  giftSources,
  giftStates,
  noFund,
} from "../../src/core/gift-list.ts";
import type { PeriodRefusal } from "../../src/core/period.ts";
import { giftListWords as words } from "../locales/en/gift-list.ts";
import { DayField } from "./day-field.tsx";

/** What a list of gifts can be limited to, by slug and name. */
export type GiftChoices = Record<"funds" | "campaigns" | "organisations", { slug: string; name: string }[]>;

export type GiftFilterProps = {
  filter: Filter;
  choices: GiftChoices;
  /** What was typed to look for. */
  typed: string;
  /** Why the period that was typed cannot be shown, with what was typed; null when it can. */
  period: { refusal: PeriodRefusal; typed: { from: string; to: string } } | null;
};

/** One form to look for gifts and to narrow the list down. What is looked for is sent, and never becomes an address. */
export function GiftFilter({ filter, choices, typed, period }: GiftFilterProps) {
  const { funds, campaigns, organisations } = choices;
  const isNarrow = filterFields(filter).length > 0 || period !== null;
  return (
    <form method="post" action="/desk/gifts" class="gift-filter" role="search" novalidate>
      <div class="find">
        <div class="field">
          <label for="q">{words.searchLabel}</label>
          <p class="hint" id="q-hint">
            {words.searchHint}
          </p>
          <input
            id="q"
            name="q"
            type="search"
            value={typed}
            maxlength={255}
            autocomplete="off"
            aria-describedby="q-hint"
          />
        </div>
        <button class="btn" type="submit">
          {words.find}
        </button>
      </div>
      <details open={isNarrow}>
        <summary>{words.filters}</summary>
        <div class="choices-grid">
          <Choice name="fund" label={words.fund} chosen={filter.fund} any={words.anyFund}>
            {[{ slug: noFund, name: words.noFund }, ...funds].map(({ slug, name }) => (
              <Option value={slug} label={name} chosen={filter.fund} />
            ))}
          </Choice>
          {campaigns.length === 0 ? null : (
            <Choice name="campaign" label={words.campaign} chosen={filter.campaign} any={words.anyCampaign}>
              {campaigns.map(({ slug, name }) => (
                <Option value={slug} label={name} chosen={filter.campaign} />
              ))}
            </Choice>
          )}
          {organisations.length < 2 ? null : (
            <Choice
              name="organisation"
              label={words.organisation}
              chosen={filter.organisation}
              any={words.anyOrganisation}
            >
              {organisations.map(({ slug, name }) => (
                <Option value={slug} label={name} chosen={filter.organisation} />
              ))}
            </Choice>
          )}
          <Choice name="state" label={words.state} chosen={filter.state} any={words.counted}>
            {giftStates.map((state) => (
              <Option value={state} label={words.stateChoices[state]} chosen={filter.state} />
            ))}
          </Choice>
          <Choice name="source" label={words.source} chosen={filter.source} any={words.anySource}>
            {giftSources.map((source) => (
              <Option value={source} label={words.sourceChoices[source]} chosen={filter.source} />
            ))}
          </Choice>
          <Choice name="returned" label={words.returned} chosen={filter.returned} any={words.anyReturned}>
            {giftReturns.map((returned) => (
              <Option value={returned} label={words.returnedChoices[returned]} chosen={filter.returned} />
            ))}
          </Choice>
          <div class={period === null ? "days" : "days wrong"}>
            {period === null ? null : (
              <p class="error" id="period-error" role="alert">
                {period.refusal.words}
              </p>
            )}
            <DayField
              name="from"
              label={words.from}
              value={period?.typed.from ?? filter.period.from ?? ""}
              isWrong={period !== null}
            />
            <DayField
              name="to"
              label={words.to}
              value={period?.typed.to ?? filter.period.to ?? ""}
              isWrong={period !== null}
            />
          </div>
        </div>
        <p class="actions">
          <button class="btn quiet" type="submit">
            {words.find}
          </button>
          <a class="btn quiet" href="/desk/gifts">
            {words.clear}
          </a>
        </p>
      </details>
    </form>
  );
}

type ChoiceProps = { name: string; label: string; chosen: string | null; any: string; children: Child };

function Choice({ name, label, chosen, any, children }: ChoiceProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="" selected={chosen === null}>
          {any}
        </option>
        {children}
      </select>
    </div>
  );
}

function Option({ value, label, chosen }: { value: string; label: string; chosen: string | null }) {
  return (
    <option value={value} selected={value === chosen}>
      {label}
    </option>
  );
}

/** The same list again, as the hidden fields of a form: for what was searched, which no address may carry. */
export function FilterFields({ filter, typed }: Pick<GiftFilterProps, "filter" | "typed">) {
  return (
    <>
      {filterFields(filter).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name="q" value={typed} />
    </>
  );
}
