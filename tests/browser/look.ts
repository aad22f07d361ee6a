import type { Page } from "playwright-core";
import { findWithAxe } from "./axe.ts";
import { screens } from "./browser.ts";

/** In dark a page is the same but for its colours; and so it nearly is on another screen. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** What is looked at with all rules: `npm run prove` takes every screen, `npm test` the one that most people hold. */
const looksWhole = (screen: string, colorScheme: "light" | "dark"): boolean =>
  colorScheme === "light" && (screen === "phone" || process.env["PROVE"] === "1");

/**
 * Looks at a page as it stands, on every screen, in light and in dark: what axe finds, and what is wider than the screen.
 * @returns by screen and scheme; empty when there is nothing to say against it
 */
export async function faultsOf(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [screen, size] of Object.entries(screens)) {
    await page.setViewportSize(size);
    found[`${screen}, too wide`] = await tooWide(page);
    if (screen === "tiny") continue;
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      found[`${screen}, ${colorScheme}`] = await findWithAxe(
        page,
        looksWhole(screen, colorScheme) ? undefined : rulesOfColour,
      );
    }
  }
  return Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0));
}

/** What makes the page scroll sideways. */
async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.slice(0, 40)}`);
  });
}
