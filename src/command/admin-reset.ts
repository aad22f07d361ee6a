import { readConfig } from "../config.ts";
import { readEmail } from "../core/staff.ts";
import { withDatabase } from "../db/borrow.ts";
import { makeLink } from "../db/link.ts";
import { findStaffByEmail } from "../db/staff.ts";
import { CommandError, commandLog, readOptions, runCommand } from "./run.ts";

/**
 * `npm run admin:reset -- --email ada@example.org`: prints an address that works once, by which this person sets a new
 * password; the authenticator is forgotten too. For when nobody who could do it on the desk can sign in.
 */
await runCommand(async () => {
  const email = readEmail(readOptions(["email"]).email ?? "");
  if (email === null) throw new CommandError("Say for whom: --email ada@example.org");
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql }) => {
    const person = await findStaffByEmail(sql, email);
    if (person === null) throw new CommandError("nobody on the staff has this address");
    const wanted = { kind: "reset", staffId: person.id, clearsTwoFactor: true } as const;
    const link = await makeLink(sql, { id: "command line", name: "The command line" }, wanted);
    if (!link.ok) throw new CommandError(link.refusal);
    console.log(`${person.name} sets a new password here, within a day: ${config.baseUrl}/reset/${link.value}`);
    return 0;
  });
});
