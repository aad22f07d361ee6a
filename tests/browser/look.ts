import type { Page } from "playwright-core";
import { findWithAxe } from "./axe.ts";
import { screens } from "./browser.ts";

/** On another screen and in dark a page is nearly the same, but for its colours. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

const isProof = process.env["PROVE"] === "1";

type Look = { screen: "phone" | "desktop"; scheme: "light" | "dark"; rules?: string[] };

/** `npm run prove` looks with all rules on either screen, and at the colours of each screen in either scheme. */
const looks: Look[] = isProof
  ? [
      { screen: "phone", scheme: "light" },
      { screen: "phone", scheme: "dark", rules: rulesOfColour },
      { screen: "desktop", scheme: "light" },
      { screen: "desktop", scheme: "dark", rules: rulesOfColour },
    ]
  : [
      { screen: "phone", scheme: "light" },
      { screen: "desktop", scheme: "dark", rules: rulesOfColour },
    ];

/**
 * Looks at a page as it stands, on every screen, in light and in dark: what axe finds, and what is wider than the screen.
 * @returns by screen and scheme; empty when there is nothing to say against it
 */
export async function faultsOf(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [screen, size] of Object.entries(screens)) {
    await page.setViewportSize(size);
    found[`${screen}, too wide`] = await tooWide(page);
    for (const { scheme, rules } of looks.filter((look) => look.screen === screen)) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      found[`${screen}, ${scheme}`] = await findWithAxe(page, rules);
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
