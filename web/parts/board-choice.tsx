import type { Child } from "hono/jsx";
import { boardQuery, compareWord, type BoardAddress } from "../../src/core/board-address.ts";
import type { Compare, PresetName } from "../../src/core/board-period.ts";
import type { Period, PeriodRefusal } from "../../src/core/period.ts";
import type { BoardPlace } from "../../src/core/total.ts";
import type { BoardData } from "../charts/board-data.ts";
import { placeInWords } from "../charts/board-text.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { DayField } from "./day-field.tsx";

/** Why the period of an address cannot be shown, with what was typed. */
export type PeriodError = { refusal: PeriodRefusal; typed: { from: string; to: string } };

export type BoardChoices = {
  places: readonly BoardPlace[];
  presets: readonly { name: PresetName; days: Period }[];
  comparisons: readonly { compare: Compare; name: string | null }[];
};

type ChoiceProps = Omit<BoardChoices, "places"> & {
  data: BoardData;
  address: BoardAddress;
  error: PeriodError | null;
};

/** The address of the board with something of it changed. */
function boardHref(address: BoardAddress, change: Partial<BoardAddress>): string {
  const query = boardQuery({ ...address, ...change });
  return query === "" ? "/board" : `/board?${query}`;
}

/** Of which days, and against what: each a list that opens and works without a script. All of it lives in the address. */
export function BoardChoice({ data, address, presets, comparisons, error }: ChoiceProps) {
  const preset = error === null ? presets.find(({ name }) => name === data.asked.preset) : undefined;
  return (
    <div class="picks">
      <Pick
        name="period"
        label={words.periodNavigation}
        value={preset === undefined ? words.chosenPeriod : words.periods[preset.name]}
        open={error !== null}
      >
        <Links
          links={presets.map(({ name, days }) => ({
            text: words.periods[name],
            href: boardHref(address, { ...days, compare: null }),
            isCurrent: name === preset?.name,
          }))}
        />
        <OwnPeriod address={address} data={data} error={error} />
      </Pick>
      {comparisons.length < 2 ? null : (
        <Pick name="compare" label={words.compareNavigation} value={comparedInWords(data)}>
          <Links
            links={comparisons.map(({ compare, name }) => ({
              text: typeof compare === "object" ? words.comparedWith(name ?? compare.campaign) : words.compare[compare],
              href: boardHref(address, { compare: compareWord(compare) }),
              isCurrent: compareWord(compare) === compareWord(data.asked.compare),
            }))}
          />
        </Pick>
      )}
    </div>
  );
}

function comparedInWords({ asked, compared }: BoardData): string {
  if (typeof asked.compare !== "object") return words.compare[asked.compare];
  return words.comparedWith(typeof compared?.with === "object" ? compared.with.name : asked.compare.campaign);
}

type PlaceProps = { data: BoardData; address: BoardAddress; places: readonly BoardPlace[] };

/** What is shown: a list to choose from, or its name where there is nothing else. */
export function PlaceChoice({ data, address, places }: PlaceProps) {
  if (places.length < 2) return <p class="over">{placeInWords(data)}</p>;
  const here = data.within;
  const kinds = ["organisation", "fund", "campaign"] as const;
  const kindOf = (place: BoardPlace) =>
    place.campaign !== null ? "campaign" : place.fund !== null ? "fund" : "organisation";
  const isAll = places.some((place) => place.organisation === null && place.fund === null && place.campaign === null);
  return (
    <Pick name="place" label={words.placeNavigation} value={placeInWords(data)} plain>
      {isAll ? (
        <Links
          links={[
            {
              text: words.everything,
              href: boardHref(address, { organisation: null, fund: null, campaign: null, compare: null }),
              isCurrent: here === null,
            },
          ]}
        />
      ) : null}
      {kinds.map((kind) => {
        const own = places.filter(
          (place) => kindOf(place) === kind && (place.organisation ?? place.fund ?? place.campaign) !== null,
        );
        if (own.length === 0) return null;
        return (
          <>
            <p class="tiny soft pick-group">{words.placeOf[kind]}</p>
            <Links
              links={own.map(({ organisation, fund, campaign, ...names }) => ({
                text: names.campaignName ?? names.fundName ?? names.organisationName ?? "",
                href: boardHref(address, { organisation, fund, campaign, compare: null }),
                isCurrent: here?.organisation === organisation && here.fund === fund && here.campaign === campaign,
              }))}
            />
          </>
        );
      })}
    </Pick>
  );
}

type PickProps = { name: string; label: string; value: string; open?: boolean; plain?: boolean; children: Child };

/** A button that opens a list below it. */
function Pick({ name, label, value, open = false, plain = false, children }: PickProps) {
  return (
    <details class={plain ? "pick plain" : "pick"} name="board-pick" open={open} data-pick={name}>
      <summary class="btn quiet">
        <span class="unseen">{`${label}: `}</span>
        {value}
      </summary>
      <nav class="pick-list" aria-label={label}>
        {children}
      </nav>
    </details>
  );
}

function Links({ links }: { links: { text: string; href: string; isCurrent: boolean }[] }) {
  return (
    <ul role="list">
      {links.map(({ text, href, isCurrent }) => (
        <li>
          <a href={href} {...(isCurrent ? { "aria-current": "true" } : {})}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}

function OwnPeriod({ address, data, error }: Pick<ChoiceProps, "address" | "data" | "error">) {
  const { from: _from, to: _to, compare: _compare, ...kept } = address;
  return (
    <form method="get" action="/board" novalidate class={error === null ? "own-period" : "own-period wrong"}>
      <p class="tiny soft pick-group">{words.ownPeriod}</p>
      {error === null ? null : (
        <p class="error" id="period-error" role="alert">
          {error.refusal.words}
        </p>
      )}
      {Object.entries(kept).map(([name, value]) =>
        value === null ? null : <input type="hidden" name={name} value={value} />,
      )}
      <DayField name="from" label={words.from} value={error?.typed.from ?? data.from ?? ""} isWrong={error !== null} />
      <DayField name="to" label={words.to} value={error?.typed.to ?? data.to ?? ""} isWrong={error !== null} />
      <button class="btn quiet" type="submit">
        {words.showPeriod}
      </button>
    </form>
  );
}
