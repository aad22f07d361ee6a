import { once } from "node:events";
import { createServer } from "node:net";
import lighthouse, { desktopConfig } from "lighthouse";
import { listen } from "../src/http/server.ts";
import { launchChromium } from "../tests/browser/chromium.ts";
import { lastDay, loadGifts, loadSettings } from "./board-load.ts";
import { openEmptyHouse } from "./house.ts";
import type { BenchRow } from "./main.ts";
import { openBenchService } from "./app.ts";
import { median } from "./time.ts";

const gifts = 10_000;
const rounds = 3;
const least = 95;
const categories = { performance: "performance", accessibility: "accessibility", "best-practices": "best practices" };
type Category = keyof typeof categories;

/** As Lighthouse has them: a slow phone on a slow line, and a desktop. */
const screens = { phone: undefined, desktop: desktopConfig };

/**
 * What Lighthouse says of the board of a house with ten thousand gifts, in the Chromium of the tests: the middle one of three
 * looks each, out of 100. The browser's files must have been built (`npm run build`).
 */
export async function benchLighthouse(): Promise<BenchRow[]> {
  const house = await openEmptyHouse({
    settings: loadSettings,
    furnish: async (sql) => await loadGifts(sql, gifts, () => undefined),
  });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const service = await openBenchService(house, { baseUrl: address, now: () => new Date(`${lastDay}T23:00:00Z`) });
  const server = await listen({
    fetch: async (request, env) => await service.app.fetch(request, env),
    host: "127.0.0.1",
    port,
  });
  const debugPort = await freePort();
  const browser = await launchChromium([`--remote-debugging-port=${debugPort}`]);
  try {
    const rows: BenchRow[] = [];
    for (const [screen, config] of Object.entries(screens)) {
      const scores = await look(`${address}/board`, debugPort, service.board.headers.cookie, config);
      for (const [category, name] of Object.entries(categories))
        rows.push(
          rowOf(
            screen,
            name,
            scores.map((score) => score[category as Category]),
          ),
        );
    }
    return rows;
  } finally {
    await browser.close();
    await server.close(1_000);
    await service.close();
    await house.close();
  }
}

type Scores = Record<Category, number>;

async function look(
  url: string,
  port: number,
  cookie: string,
  config: typeof desktopConfig | undefined,
): Promise<Scores[]> {
  const all: Scores[] = [];
  const flags = {
    port,
    output: "json" as const,
    logLevel: "error" as const,
    onlyCategories: Object.keys(categories),
    extraHeaders: { cookie },
  };
  for (let round = 0; round < rounds; round += 1) {
    const result = await lighthouse(url, flags, config);
    if (result === undefined || result.lhr.runtimeError !== undefined)
      throw new Error(`Lighthouse did not come to an end: ${result?.lhr.runtimeError?.message}`);
    const { lhr } = result;
    tellFaults(lhr);
    all.push({
      performance: 100 * (lhr.categories["performance"]?.score ?? 0),
      accessibility: 100 * (lhr.categories["accessibility"]?.score ?? 0),
      "best-practices": 100 * (lhr.categories["best-practices"]?.score ?? 0),
    });
  }
  return all;
}

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>["lhr"];

/** What did not get all of its points, on the standard error. */
function tellFaults({ audits, categories: found }: Report): void {
  for (const { title, auditRefs } of Object.values(found)) {
    for (const { id, weight } of auditRefs) {
      const audit = audits[id];
      if (audit === undefined || weight === 0 || audit.score === null || audit.score >= 0.9) continue;
      process.stderr.write(`${title}: ${audit.title} ${audit.displayValue ?? ""} (${audit.score})\n`);
    }
  }
}

function rowOf(screen: string, category: string, scores: number[]): BenchRow {
  const score = median(scores);
  return {
    what: `Lighthouse, ${screen}: ${category}`,
    result: `${score.toFixed(0)} of 100${score < least ? `, LESS THAN ${least}` : ""}`,
    ratio: null,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
