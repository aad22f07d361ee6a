import { z } from "zod";
import type { Fields } from "./give.ts";
import { amount, check, oneLine, type FormErrors, type ReadForm } from "./setting-form.ts";
import { slugOf } from "./slug.ts";

/** Blank lines for sizes or colours at the end of an item's form. */
const blankLines = 3;
const linesMax = 60;

const itemForm = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, "must be lower-case words joined by hyphens"),
  name: z.string().min(1, "must not be empty").max(120, "must have at most 120 characters"),
  description: z.string().max(1000, "must have at most 1000 characters"),
});

/** A size, colour or model, as the document has it; an item without choices has one with an empty name. */
export type ItemVariant = {
  slug: string;
  name: string;
  priceMinor: number;
  /** Left out where none was ever typed. */
  costMinor?: number;
  stock?: number | null;
  archived: boolean;
};
export type ItemPart = z.output<typeof itemForm> & { variants: ItemVariant[] };

type Had = { slug: string; variants: readonly { slug: string; costMinor?: number | null }[] } | null;

/** How many lines the form of an item shows for its sizes, after `typed` was sent or before anything was. */
export function linesOfItem(had: Had, typed: Fields = {}): number {
  const filled = Object.keys(typed).filter((name) => /^v\.\d+\.name$/u.test(name)).length;
  return Math.min(linesMax, Math.max((had?.variants.length ?? 0) + blankLines, filled));
}

/** An item's form: `v.<line>.name`, `.price`, `.cost`, `.stock` and, for what is there already, `.archived`,
 * `.slug` and `.stockWas`, the stock that the form showed. Blank lines are passed over. */
export function readItem(fields: Fields, had: Had, currency: string): ReadForm<ItemPart> {
  const errors: FormErrors = {};
  // By its slug and not by its line: somebody may have archived one meanwhile.
  const thereAt = (line: number) => had?.variants.find(({ slug }) => slug === fields[`v.${line}.slug`]);
  const rows = Array.from({ length: linesOfItem(had, fields) }, (_, line) => line).filter(
    (line) =>
      thereAt(line) !== undefined ||
      ["name", "price", "cost", "stock"].some((part) => oneLine(fields, `v.${line}.${part}`) !== ""),
  );
  if (rows.length === 0) errors["v.0.price"] = "must not be empty";
  const isArchived = (line: number): boolean => fields[`v.${line}.archived`] === "yes";
  const open = rows.filter((line) => !isArchived(line));
  const taken = new Set((had?.variants ?? []).map(({ slug }) => slug));
  const names = new Set<string>();
  const variants = rows.map((line): ItemVariant => {
    const name = oneLine(fields, `v.${line}.name`);
    const field = `v.${line}.name`;
    if (name === "" && open.length > 1 && !isArchived(line))
      errors[field] = "must not be empty where there are several";
    if (name.length > 80) errors[field] = "must have at most 80 characters";
    if (name !== "" && names.has(name)) errors[field] = "must differ from the other names";
    names.add(name);
    const priceMinor = amount(fields, `v.${line}.price`, currency, errors);
    if (priceMinor === undefined) errors[`v.${line}.price`] ??= "must not be empty";
    if (priceMinor === 0) errors[`v.${line}.price`] = "must be more than nothing";
    const slug = thereAt(line)?.slug ?? free(slugOf(name) || "only", taken);
    taken.add(slug);
    // An emptied field says that it costs nothing any more, where it was said to cost something.
    const costMinor =
      amount(fields, `v.${line}.cost`, currency, errors) ?? (thereAt(line)?.costMinor == null ? undefined : 0);
    const stock = stockOf(fields, line, errors);
    // What was not typed anew stays as it is: pieces may have been sold since the form was opened.
    const isUntouched = fields[`v.${line}.stockWas`] === oneLine(fields, `v.${line}.stock`);
    const cost = costMinor === undefined ? {} : { costMinor };
    const variant = { slug, name, priceMinor: priceMinor ?? 0, ...cost, archived: isArchived(line) };
    return isUntouched ? variant : { ...variant, stock };
  });
  const name = oneLine(fields, "name");
  const slug = had?.slug ?? (oneLine(fields, "slug") || slugOf(name));
  const read = check(itemForm, { slug, name, description: oneLine(fields, "description") }, errors);
  return read.ok ? { ok: true, part: { ...read.part, variants } } : read;
}

function stockOf(fields: Fields, line: number, errors: FormErrors): number | null {
  const typed = oneLine(fields, `v.${line}.stock`);
  if (typed === "") return null;
  if (/^\d{1,6}$/u.test(typed)) return Number(typed);
  errors[`v.${line}.stock`] = "must be a whole number, or empty for as many as anybody wants";
  return null;
}

/** A name that nothing else has: `m`, `m-2`, `m-3`. */
function free(slug: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? slug : `${slug.slice(0, 56)}-${number}`;
    if (!taken.has(tried)) return tried;
  }
}
