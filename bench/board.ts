import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { lastDay, loadGifts, loadSettings } from "./board-load.ts";
import { type BoardReport, measureBoard, periods } from "./board-run.ts";
import { type BenchHouse, openEmptyHouse } from "./house.ts";
import type { BenchRow } from "./main.ts";

/** Ten million take an hour; smaller ones are asked for as `npm run bench -- board 10000 1000000`. */
const sizesUsual = [10_000, 1_000_000, 10_000_000];
/** What a gift takes up on the disk with all that is kept of it, and what sorting needs beside. */
const bytesAGift = 6_000;
/** The audit derives every gift anew, a millisecond each. */
const auditedUpTo = 10_000;

/**
 * The dashboard on so many gifts of five years, each size on a PostgreSQL of its own: its whole server time, against the
 * plain query that counts the same figures from the gifts; and what 500 events cost the drain there. Ratios of the dashboard
 * and of the drain are against the first size; those of the plain query against the dashboard's page at the same size.
 */
export async function benchBoard(args: string[]): Promise<BenchRow[]> {
  const sizes = args.length === 0 ? sizesUsual : args.map((arg) => Number(arg));
  const rows: BenchRow[] = [];
  let base: BoardReport | null = null;
  for (const gifts of sizes) {
    const needed = gifts * bytesAGift;
    if ((await freeBytes()) < needed) {
      rows.push({
        what: `${gifts} gifts`,
        result: `left out: ${(needed / 1e9).toFixed(0)} GB of disk needed`,
        ratio: null,
      });
      continue;
    }
    const report = await onHouseOf(gifts);
    base ??= report;
    rows.push(...rowsOf(report, base));
  }
  return rows;
}

/** Where houses are made. */
async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  return bavail * bsize;
}

async function onHouseOf(gifts: number): Promise<BoardReport> {
  const tell = (step: string): void => void process.stderr.write(`${gifts} gifts, ${step}\n`);
  const house = await openEmptyHouse({
    settings: loadSettings,
    furnish: async (sql) => await loadGifts(sql, gifts, tell),
  });
  try {
    if (gifts <= auditedUpTo) await requireSilence(house);
    return await measureBoard(house, gifts, lastDay);
  } finally {
    await house.close();
  }
}

/** What was loaded is what the service would have booked. */
async function requireSilence({ sql }: BenchHouse): Promise<void> {
  const findings = await sql`select * from audit() limit 3`;
  if (findings.length > 0) throw new Error(`the audit found ${JSON.stringify(findings)}`);
}

function rowsOf(report: BoardReport, base: BoardReport): BenchRow[] {
  const { gifts, looks, drain, tables, databaseMib } = report;
  const ms = (what: string, value: number, ratio: number | null): BenchRow => ({
    what,
    result: `${value.toFixed(value < 100 ? 1 : 0)} ms`,
    ratio,
  });
  return [
    ...periods.flatMap(({ name }) => {
      const [look, first] = [looks[name], base.looks[name]];
      return [
        ms(`${gifts} gifts, ${name}: the page`, look.pageMs, look.pageMs / first.pageMs),
        ms("  the one statement that reads it", look.databaseMs, look.databaseMs / first.databaseMs),
        ms("  the plain query", look.plainMs, look.plainMs / look.pageMs),
      ];
    }),
    ms(`${gifts} gifts: the drain books 500 events`, drain.fromMemoryMs, drain.fromMemoryMs / base.drain.fromMemoryMs),
    ms("  whose people's pages come from the disk", drain.fromDiskMs, drain.fromDiskMs / base.drain.fromDiskMs),
    { what: "  the whole database", result: `${databaseMib} MiB`, ratio: null },
    ...tables.map(({ name, mib }) => ({ what: `  ${name} with its indexes`, result: `${mib} MiB`, ratio: null })),
  ];
}
