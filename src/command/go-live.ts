import { parseArgs } from "node:util";
import { readConfig } from "../config.ts";
import { withDatabase } from "../db/borrow.ts";
import { listDatabases } from "../db/embedded/pointer.ts";
import { goLive } from "../go-live.ts";
import { goLiveWords } from "../../web/locales/en/go-live.ts";
import { requireMode } from "../wiring.ts";
import { CommandError, commandLog, runCommand } from "./run.ts";

const words = goLiveWords.terminal;
const by = { id: "go-live", name: "npm run go-live" };

/**
 * `npm run go-live -- test|live [--to postgres://...] [--to-owner postgres://...]`: a new database for another mode with all
 * that was set up. `--old` says how to look at those that were left.
 */
await runCommand(async () => {
  const { mode, to, toOwner, old } = readWords();
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql, url, ownerUrl, dataDir }) => {
    if (old) {
      for (const { name, isServed, url: its } of await listDatabases(ownerUrl, url)) {
        console.log(`${words.old(name, isServed)}\n${words.look(its)}`);
      }
      return 0;
    }
    if (mode !== "test" && mode !== "live") throw new CommandError(words.usage);
    // Where the settings carry a key of the new mode already, the old database is still asked as what it is.
    const current = await requireMode(sql, { ...config, mode: "sandbox" });
    const gone = await goLive(config, { sql, url, ownerUrl, dataDir, mode: current }, by, { mode, to, toOwner });
    if (!gone.ok) throw new CommandError(goLiveWords.errors.refused(gone.refusal));
    console.log(gone.database === null ? words.given : words.embedded(mode, gone.database));
    return 0;
  });
});

function readWords() {
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      options: { to: text, "to-owner": text, old: { type: "boolean" } },
      allowPositionals: true,
      strict: true,
    });
    return {
      mode: positionals[0],
      to: values.to ?? null,
      toOwner: values["to-owner"] ?? null,
      old: values.old === true,
    };
  } catch (error) {
    throw new CommandError(words.usage, { cause: error });
  }
}
