import { fork } from "node:child_process";
import { once } from "node:events";
import type { BookOrder, BookReport } from "./books-run.ts";
import type { BenchRow } from "./main.ts";

/** Ten times the rows should take ten times as long. */
const sizesUsual = [2_000, 20_000];

/**
 * An account of so many balance transactions, a hundred a day, that no event ever told of: the sweep lists them through the
 * SDK, the drain books and posts them, and then everything is proved. Each size in a process and on a PostgreSQL of its own.
 */
export async function benchBooks(args: string[]): Promise<BenchRow[]> {
  const sizes = args.length === 0 ? sizesUsual : args.map((arg) => Number(arg));
  const rows: BenchRow[] = [];
  let base: BookReport | null = null;
  for (const movements of sizes) {
    const report = await runOnce({ movements });
    base ??= report;
    rows.push(...rowsOf(report, base));
  }
  return rows;
}

async function runOnce(order: BookOrder): Promise<BookReport> {
  const child = fork(new URL("./books-run.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  try {
    const ended = once(child, "close").then(([code]) => {
      throw new Error(`the run ended with ${String(code)}`);
    });
    child.send(order);
    const [report] = (await Promise.race([once(child, "message"), ended])) as [BookReport];
    ended.catch(() => undefined);
    return report;
  } finally {
    child.kill();
  }
}

function rowsOf(report: BookReport, base: BookReport): BenchRow[] {
  const { movements, sweptSeconds, proofMs, auditSeconds, againSeconds, nodeMib, backendMib } = report;
  const cpu = (value: number | null, first: number | null): BenchRow[] =>
    value === null || first === null
      ? []
      : [{ what: "  of it on processors", result: `${value.toFixed(1)} s`, ratio: value / first }];
  const seconds = (value: number, first: number, what: string): BenchRow => ({
    what: `${movements} balance transactions: ${what}`,
    result: `${value.toFixed(1)} s, ${(movements / value).toFixed(0)} a second`,
    ratio: value / first,
  });
  const mib = (value: number | null, first: number | null, what: string): BenchRow[] =>
    value === null
      ? []
      : [
          {
            what: `  ${what}`,
            result: `${value.toFixed(0)} MiB at most`,
            ratio: first === null ? null : value / first,
          },
        ];
  return [
    seconds(sweptSeconds, base.sweptSeconds, "swept and posted"),
    ...cpu(report.sweptCpuSeconds, base.sweptCpuSeconds),
    seconds(againSeconds, base.againSeconds, "compared with Stripe again"),
    seconds(auditSeconds, base.auditSeconds, "audited"),
    ...cpu(report.auditCpuSeconds, base.auditCpuSeconds),
    { what: "  the identities of the books", result: `${proofMs.toFixed(0)} ms`, ratio: proofMs / base.proofMs },
    ...mib(nodeMib, base.nodeMib, "memory of the process"),
    ...mib(backendMib, base.backendMib, "memory of one connection's server process"),
  ];
}
