import { settingWords as words } from "../locales/en/settings.ts";

/** A line of a list of settings. */
export type SettingRow = {
  id: bigint;
  name: string;
  /** Where it is changed; null for whoever may only look. */
  href: string | null;
  /** What else is said of it, such as its address or price. */
  notes: readonly string[];
  chips: readonly string[];
  archived: boolean;
  /** Whether it can be archived at all. */
  closes: boolean;
};

type SettingListProps = {
  kind: string;
  rows: readonly SettingRow[];
  /** Whether buttons are shown. */
  mayChange: boolean;
};

/** A list in its order, with buttons to move and archive that need no script; what is archived is folded away below. */
export function SettingList({ kind, rows, mayChange }: SettingListProps) {
  const open = rows.filter(({ archived }) => !archived);
  const archived = rows.filter((row) => row.archived);
  return (
    <>
      <ol class="setting-list" role="list">
        {open.map((row, index) => (
          <Row
            row={row}
            kind={kind}
            mayChange={mayChange}
            moves={open.length > 1 ? { up: index > 0, down: index < open.length - 1 } : null}
          />
        ))}
      </ol>
      {archived.length === 0 ? null : (
        <details class="setting-archive">
          <summary>{`${words.archivedHeading} (${archived.length})`}</summary>
          <ul class="setting-list" role="list">
            {archived.map((row) => (
              <Row row={row} kind={kind} mayChange={mayChange} moves={null} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

type RowProps = { row: SettingRow; kind: string; mayChange: boolean; moves: { up: boolean; down: boolean } | null };

function Row({ row, kind, mayChange, moves }: RowProps) {
  const { id, name, href, notes, chips, archived, closes } = row;
  return (
    <li>
      <div>
        <p class="setting-name">
          {href === null ? name : <a href={href}>{name}</a>}
          {[...chips, ...(archived ? [words.archived] : [])].map((chip) => (
            <>
              {" "}
              <span class="chip">{chip}</span>
            </>
          ))}
        </p>
        {notes.length === 0 ? null : <p class="small soft">{notes.join(" · ")}</p>}
      </div>
      {mayChange && href !== null ? (
        <div class="setting-buttons">
          {moves === null ? null : (
            <>
              <Press
                action="/desk/settings/order"
                fields={{ kind, id: String(id), way: "up" }}
                label={words.up(name)}
                off={!moves.up}
              >
                <Arrow up />
              </Press>
              <Press
                action="/desk/settings/order"
                fields={{ kind, id: String(id), way: "down" }}
                label={words.down(name)}
                off={!moves.down}
              >
                <Arrow up={false} />
              </Press>
            </>
          )}
          {closes ? (
            <Press
              action="/desk/settings/archive"
              fields={{ kind, id: String(id), archived: archived ? "no" : "yes" }}
              label={archived ? words.reopenOf(name) : words.archiveOf(name)}
            >
              {archived ? words.reopen : words.archive}
            </Press>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

type PressProps = {
  action: string;
  fields: Record<string, string>;
  label: string;
  off?: boolean;
  children: unknown;
};

/** A form of one button. One that leads nowhere stays in its place, so that the others do not jump. */
export function Press({ action, fields, label, off = false, children }: PressProps) {
  return (
    <form method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class="btn quiet" type="submit" aria-label={label} disabled={off}>
        {children}
      </button>
    </form>
  );
}

function Arrow({ up }: { up: boolean }) {
  return (
    <svg class="arrow" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.75" aria-hidden="true">
      <path d={up ? "M3 10l5-5 5 5" : "M3 6l5 5 5-5"} />
    </svg>
  );
}
