import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const script = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 AA and axe's own good practice; the size of targets is the one rule of 2.2 that axe leaves off by default. */
const options: RunOptions = {
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
  preload: false,
};

/**
 * What axe finds on the page as it stands, a line each.
 * @param only the rules that can find anything new, when the page was looked at before
 */
export async function findWithAxe(page: Page, only?: readonly string[]): Promise<string[]> {
  // Not as a script of the page's own, which its policy would stop.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(script);
  const { violations } = await page.evaluate<AxeResults, RunOptions>(
    async (options) => await (window as unknown as { axe: typeof axe }).axe.run(document, options),
    only === undefined ? options : { ...options, runOnly: [...only] },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}
