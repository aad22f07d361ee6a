import { formatMoney } from "../../src/core/money.ts";
import { changeWords as words, settingWords } from "../locales/en/settings.ts";
import type { Frame } from "../parts/frame.ts";
import { momentInWords } from "../parts/when.ts";
import { SettingPage } from "./setting.tsx";

/** One change as the page shows it. */
export type ShownChange = {
  number: bigint;
  at: Date;
  staffName: string;
  deed: string;
  kind: string;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

export type ChangesPageProps = {
  frame: Frame;
  changes: readonly ShownChange[];
  kinds: readonly string[];
  kind: string | null;
  /** Where the next page begins; null on the last one. */
  older: bigint | null;
  isFirst: boolean;
  /** The newest change of all with its hash; only for those who may see all. */
  seal: { number: bigint; hash: string } | null;
};

const path = "/desk/settings/changes";

/** `GET /desk/settings/changes`: who changed what, when, and how it was before. */
export function ChangesPage({ frame, changes, kinds, kind, older, isFirst, seal }: ChangesPageProps) {
  return (
    <SettingPage
      frame={frame}
      title={settingWords.rooms.changes}
      above={[{ href: "/desk/settings", label: settingWords.title }]}
      lead={words.lead}
      notice={null}
    >
      <form class="filter" method="get" action={path}>
        <div>
          <label for="kind">{words.kind}</label>
          <select id="kind" name="kind">
            <option value="">{words.all}</option>
            {kinds.map((each) => (
              <option value={each} selected={each === kind}>
                {each}
              </option>
            ))}
          </select>
        </div>
        <button class="btn quiet" type="submit">
          {words.filter}
        </button>
      </form>
      {changes.length === 0 ? <p class="panel">{words.none}</p> : null}
      {changes.map((change) => (
        <ChangeEntry change={change} frame={frame} />
      ))}
      <p class="actions">
        {older === null ? null : (
          <a class="btn quiet" href={addressOf(kind, older)}>
            {words.older}
          </a>
        )}
        {isFirst ? null : (
          <a class="btn quiet" href={addressOf(kind, null)}>
            {words.newest}
          </a>
        )}
      </p>
      {seal === null ? null : (
        <p class="tiny soft seal">
          {words.head(seal.number, seal.hash)} {words.headHint}
        </p>
      )}
    </SettingPage>
  );
}

function ChangeEntry({ change, frame }: { change: ShownChange; frame: Frame }) {
  const { number, at, staffName, deed, kind, subject, before } = change;
  const parts = differences(change);
  return (
    <article class="change" id={`change-${number}`}>
      <h2 class="setting-name">{words.sentence(kind, subject, deed)}</h2>
      <p class="small soft">
        {staffName}, <time datetime={at.toISOString()}>{momentInWords(at, frame.timeZone)}</time>
      </p>
      {parts.length === 0 ? null : before !== null ? (
        <Parts parts={parts} />
      ) : (
        <details class="small">
          <summary>{words.madeWith}</summary>
          <Parts parts={parts} />
        </details>
      )}
    </article>
  );
}

/** A part of a setting that differs; `before` is null where there was nothing at all. */
type Part = { name: string; before: string | null; after: string };

function Parts({ parts }: { parts: readonly Part[] }) {
  return (
    <dl>
      {parts.map(({ name, before, after }) => (
        <>
          <dt>{name}</dt>
          <dd>
            {before === null ? null : (
              <>
                <del>{before}</del>
                {" → "}
              </>
            )}
            <ins>{after}</ins>
          </dd>
        </>
      ))}
    </dl>
  );
}

/** The parts that differ, in words; of something new, what it has. */
function differences({ deed, before, after }: ShownChange): Part[] {
  const currency = (after ?? before)?.["currency"];
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .filter((name) => name !== "organisations" && (name !== "position" || deed === "moved"))
    .map((name) => ({ name, was: inWords(name, before?.[name], currency), is: inWords(name, after?.[name], currency) }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => ({ name: partInWords(name), before: before === null ? null : was, after: is }));
}

/** `fiscalYear` as "fiscal year", `goalMinor` as "goal". */
function partInWords(name: string): string {
  return name.replace(/(?:Minor|Bp)$/u, "").replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
}

function inWords(name: string, value: unknown, currency: unknown): string {
  if (value === undefined || value === null || value === "") return words.nothing;
  if (Array.isArray(value) && value.every((each) => typeof each !== "object"))
    return value.map((each) => inWords(name, each, currency)).join(", ") || words.nothing;
  if (name.endsWith("Minor") && typeof value === "number" && typeof currency === "string")
    return formatMoney({ amountMinor: BigInt(value), currency });
  if (name.endsWith("Bp") && typeof value === "number") return `${value / 100}%`;
  if (typeof value === "boolean") return value ? settingWords.yes : settingWords.no;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function addressOf(kind: string | null, before: bigint | null): string {
  const query = new URLSearchParams();
  if (kind !== null) query.set("kind", kind);
  if (before !== null) query.set("before", String(before));
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
