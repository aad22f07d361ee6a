import { readConfig } from "../config.ts";
import { pending, runAudit } from "../db/audit.ts";
import { withDatabase } from "../db/borrow.ts";
import { commandLog, runCommand } from "./run.ts";

/**
 * `npm run audit`: recomputes everything from the facts and names each difference. Exit 0 only when nothing was found;
 * 1 with a difference; 2 when nothing differs but something waits for the next drain and so could not be compared.
 */
await runCommand(async () => {
  const findings = await withDatabase(readConfig(), "as it is", commandLog, async ({ sql }) => await runAudit(sql));
  for (const { finding, subject, stored, expected } of findings) {
    console.log(
      finding === pending
        ? `pending: ${subject}`
        : `${finding}: ${subject}\n  stored   ${stored ?? "nothing"}\n  expected ${expected ?? "nothing"}`,
    );
  }
  const waiting = findings.filter(({ finding }) => finding === pending).length;
  const different = findings.length - waiting;
  console.log(`Differences: ${different}. Pending: ${waiting}.`);
  if (different > 0) return 1;
  return waiting > 0 ? 2 : 0;
});
