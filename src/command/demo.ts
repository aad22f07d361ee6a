import { demoConfig } from "../config.ts";
import { startDemo } from "../demo/demo.ts";
import type { Progress } from "../demo/play.ts";
import { explain, logLine } from "../main-node.ts";
import { stopOnSignal } from "../stop-on-signal.ts";
import { commandLog } from "./run.ts";

let lastQuarter = -1;

/** `npm run demo`: the whole product with the story in it, Stripe played by the sandbox. */
try {
  const since = Date.now();
  say("Almonry's demo: a real campaign of 2020 to 2023, re-created with generated people. No real money moves.");
  const { running, told } = await startDemo(demoConfig(), { log: commandLog, onProgress: showProgress });
  stopOnSignal(running, logLine);
  try {
    await told;
  } catch (error) {
    // Whoever stopped the demo in the middle knows why the story broke off.
    if (!running.isStopping()) await running.stop().then(() => fail(error));
  }
  if (!running.isStopping()) {
    say(`${clearLine()}Everything is booked, after ${((Date.now() - since) / 1000).toFixed(1)} s.`);
    say(`\n  ${running.url}        the funds\n  ${running.url}/board  the dashboard; sign in by a button\n`);
    say("Ctrl-C stops it; the next start goes on from here.");
  }
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  process.stderr.write(`${clearLine()}${explain(error)}\n`);
  process.exit(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** On a screen one line that moves; elsewhere a line for every quarter. */
function showProgress({ played, total }: Progress): void {
  if (process.stdout.isTTY) {
    const width = 40;
    const done = Math.round((played / total) * width);
    const bar = `${"█".repeat(done)}${"░".repeat(width - done)}`;
    process.stdout.write(
      `${clearLine()}${bar} ${played} of ${total} steps${played === total ? ", booking the last ones" : ""}`,
    );
    return;
  }
  const quarter = Math.floor((played / total) * 4);
  if (quarter === lastQuarter) return;
  lastQuarter = quarter;
  process.stdout.write(`${played} of ${total} steps played\n`);
}

function clearLine(): string {
  return process.stdout.isTTY ? "\r\u001b[2K" : "";
}
