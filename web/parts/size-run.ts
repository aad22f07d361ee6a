import type { Variant } from "../../src/core/campaign.ts";

/** Variants of one colour or model: "Black" with S, M and L. */
export type SizeRun = { name: string; variants: { label: string; variant: Variant }[] };

/** Up to so many variants a plain list is easier to read than runs. */
const listedVariants = 4;

/**
 * Variants named "Black, S", "Black, M", "White, S" and so on as runs by their first word, in their order, so that an
 * item with many sizes fits on a screen. Null when the names are not all of that form, or too few to need it.
 */
export function sizeRuns(variants: readonly Variant[]): SizeRun[] | null {
  if (variants.length <= listedVariants) return null;
  const runs = new Map<string, SizeRun>();
  for (const variant of variants) {
    const [name, label, ...more] = variant.name.split(", ");
    if (name === undefined || label === undefined || more.length > 0) return null;
    const run = runs.get(name) ?? { name, variants: [] };
    run.variants.push({ label, variant });
    runs.set(name, run);
  }
  return [...runs.values()];
}
