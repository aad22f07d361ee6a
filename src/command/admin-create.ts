import { readConfig } from "../config.ts";
import { cleanName, readEmail } from "../core/staff.ts";
import { withDatabase } from "../db/borrow.ts";
import { makeLink } from "../db/link.ts";
import { CommandError, commandLog, readOptions, runCommand } from "./run.ts";

/**
 * `npm run admin:create -- --email ada@example.org --name "Ada Admin"`: prints an address that works once, by which this
 * person becomes an admin for all organisations. No password ever stands in a terminal.
 */
await runCommand(async () => {
  const typed = readOptions(["email", "name"]);
  const email = readEmail(typed.email ?? "");
  const name = cleanName(typed.name ?? "");
  if (email === null) throw new CommandError("Say for whom: --email ada@example.org");
  if (name === "") throw new CommandError('Say what the person is called: --name "Ada Admin"');
  const config = readConfig();
  return await withDatabase(config, "brought up", commandLog, async ({ sql }) => {
    const roles = [{ role: "admin", organisationId: null, fundId: null }] as const;
    const link = await makeLink(
      sql,
      { id: "command line", name: "The command line" },
      { kind: "join", name, email, roles },
    );
    if (!link.ok) throw new CommandError(`${link.refusal}: npm run admin:reset makes a link for a new password`);
    console.log(`${name} becomes an admin here, within a week: ${config.baseUrl}/join/${link.value}`);
    return 0;
  });
});
