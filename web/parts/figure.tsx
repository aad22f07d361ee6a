import type { Child } from "hono/jsx";
import type { NumberName } from "../../src/core/definition.ts";
import { Term } from "./definition.tsx";

type FigureProps = {
  of: NumberName;
  /** The number itself. */
  children: Child;
  /** One plain sentence: what the number means here. */
  note: Child;
  /** Where the rows behind the number stand; null while there are none to show. */
  rows: string | null;
  /** Tells two figures of the same number on one page apart. */
  at?: string;
  /** Under which name the dashboard's script finds the number and its sentence again. */
  live?: string;
};

/** Label, number, one plain sentence: the picture a page starts with. */
export function Figure({ of, children, note, rows, at = "page", live }: FigureProps) {
  const marks = live === undefined ? {} : { "data-live": live };
  return (
    <div class="figure">
      <dt>
        <Term of={of} at={`figure-${at}`} />
      </dt>
      <dd class="value">
        {rows === null ? (
          <span {...marks}>{children}</span>
        ) : (
          <a href={rows} {...marks}>
            {children}
          </a>
        )}
      </dd>
      <dd class="note" {...(live === undefined ? {} : { "data-live": `${live}-note` })}>
        {note}
      </dd>
    </div>
  );
}

/** Figures side by side between two thin rules. */
export function Figures({ children }: { children: Child }) {
  return <dl class="figures">{children}</dl>;
}
