import type { Definition } from "../../src/core/definition.ts";
import type { PackLanguage } from "../../src/core/pack.ts";
import type { Drawing } from "./pack-drawing.ts";
import type { PackOrganisation } from "./pack-data.ts";

/** A table of a pack; the first cell of a row is its name, all others are figures. `sum` closes it, double ruled. */
export type PackTable = { caption: string; columns: string[]; rows: string[][]; sum: string[] | null };

/** One part of a section, as data: its page and its PDF are drawn from the same. */
export type PackBlock =
  /** One paragraph. */
  | { kind: "sentences"; texts: string[]; soft?: boolean }
  | { kind: "proof"; tone: "good" | "warn"; chip: string; texts: string[] }
  | { kind: "figures"; figures: { label: string; value: string; notes: string[] }[] }
  /** `behind` says that a drawing beside it carries all its figures. */
  | { kind: "table"; table: PackTable; behind?: boolean }
  /** `narrow` is the same for the screen of a phone. */
  | { kind: "drawing"; heading: string; summary: string; drawing: Drawing; narrow: Drawing }
  | { kind: "markdown"; text: string }
  | { kind: "definitions"; terms: Definition[] };

export type PackSection = { name: string; heading: string; blocks: PackBlock[] };

/** A pack in one language, ready to be set on a page or on paper. */
export type PackDocument = {
  language: PackLanguage;
  /** "Board pack 12". */
  title: string;
  /** Whose figures these are, and of which time. */
  place: string;
  period: string;
  /** As of, made by, until when a link works. */
  about: string[];
  sections: PackSection[];
  organisations: PackOrganisation[];
};

/** A name as the beginning of a line. */
export function asStart(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** Sentences of which some may have nothing to say; no block at all when none has. */
export function sentences(texts: readonly (string | null)[], soft = false): PackBlock[] {
  const said = texts.filter((text) => text !== null && text !== "") as string[];
  return said.length === 0 ? [] : [{ kind: "sentences", texts: said, ...(soft ? { soft } : {}) }];
}
