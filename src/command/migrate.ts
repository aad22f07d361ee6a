import { readConfig } from "../config.ts";
import { withDatabase } from "../db/borrow.ts";
import { commandLog, runCommand } from "./run.ts";

/** `npm run migrate`: brings the database of the settings to this version's schema, and says what that took. */
await runCommand(async () => {
  const applied = await withDatabase(readConfig(), "brought up", commandLog, async (database) => database.applied);
  for (const name of applied) console.log(`applied ${name}`);
  console.log(
    applied.length === 0 ? "The database was current." : `The database is current: ${applied.length} applied.`,
  );
  return 0;
});
