import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { SignedIn } from "../staff.ts";
import { launchChromium } from "./chromium.ts";

/** How a page is looked at: by default on a desktop's screen, in light colours, with JavaScript and with motion. */
export type Look = {
  screen?: Screen;
  scheme?: "light" | "dark";
  script?: boolean;
  lessMotion?: boolean;
  /** Who looks; nobody who is signed in if not said. */
  as?: Pick<SignedIn, "cookie">;
};

export type Screen = keyof typeof screens;

export const screens = {
  tiny: { width: 280, height: 653 },
  small: { width: 360, height: 780 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const;

/** One browser for a test file. */
export type TestBrowser = {
  /** A person with a browser of their own: no cookie, no cache, nothing typed before. */
  open: (address: string, look?: Look) => Promise<Page>;
  /** The same page as last time for whoever looks, led on to another address: to look over many pages, at half the cost. */
  lookAt: (address: string, look?: Pick<Look, "as">) => Promise<Page>;
  /** What any page complained about since the last question, and forgets it: errors, refused content, strange hosts. */
  complaints: () => string[];
  /** Closes the pages that were opened since the last time. */
  closePages: () => Promise<void>;
  close: () => Promise<void>;
};

/** Starts the browser. Ask for `complaints` after each test: silence on the console is a claim about every page. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium();
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  const closePages = async (): Promise<void> => {
    await Promise.all(contexts.splice(0).map(async (context) => await context.close()));
  };
  const lastingPages = new Map<string | undefined, Page>();
  const openIn = async (context: BrowserContext, address: string, { as }: Pick<Look, "as">): Promise<Page> => {
    context.setDefaultTimeout(20_000);
    const { origin } = new URL(address);
    listen(context, origin, (complaint) => complaints.push(complaint));
    if (as !== undefined) await context.addCookies([{ ...as.cookie, url: origin, httpOnly: true }]);
    return await context.newPage();
  };
  return {
    async open(address, look = {}) {
      const context = await browser.newContext(optionsOf(look));
      contexts.push(context);
      const page = await openIn(context, address, look);
      await page.goto(address);
      return page;
    },
    async lookAt(address, look = {}) {
      const who = look.as?.cookie.value;
      const page = lastingPages.get(who) ?? (await openIn(await browser.newContext(optionsOf({})), address, look));
      lastingPages.set(who, page);
      await page.setViewportSize(screens.desktop);
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
      await page.goto(address);
      return page;
    },
    complaints: () => complaints.splice(0),
    closePages,
    async close() {
      await closePages();
      await browser.close();
    },
  };
}

function optionsOf({ screen = "desktop", scheme = "light", script = true, lessMotion = false }: Look) {
  return {
    viewport: screens[screen],
    colorScheme: scheme,
    javaScriptEnabled: script,
    reducedMotion: lessMotion ? "reduce" : "no-preference",
    hasTouch: screen !== "desktop",
    locale: "en-CA",
  } satisfies BrowserContextOptions;
}

/** A content security policy that refuses something says so on the console, as an error. */
function listen(context: BrowserContext, origin: string, complain: (text: string) => void): void {
  context.on("console", (message) => {
    // A page that answers 404 or 422 is shown all the same; only what it failed to load besides is a complaint.
    const isPageItself = message.location().url === message.page()?.url();
    if (message.text().startsWith("Failed to load resource") && isPageItself) return;
    if (["error", "warning"].includes(message.type())) complain(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => complain(error.error().stack ?? error.error().message));
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== origin && !request.url().startsWith("data:"))
      complain(`asked for ${request.url()}`);
  });
}
