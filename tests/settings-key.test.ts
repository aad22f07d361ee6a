import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepSettingsKey } from "../src/settings-key.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "almonry-key-"));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe("the key of the settings", () => {
  test("is made at the first start, 32 random bytes that its owner alone can read, and is the same ever after", async () => {
    const dataDir = join(folder, "data");
    const made = await keepSettingsKey(dataDir);
    expect(made).toHaveLength(32);
    expect((await stat(join(dataDir, "settings.key"))).mode & 0o777).toBe(0o600);
    expect(await keepSettingsKey(dataDir)).toEqual(made);
    expect(await keepSettingsKey(join(folder, "other"))).not.toEqual(made);
  });

  test("is one key, however many services start at once", async () => {
    const made = await Promise.all(Array.from({ length: 12 }, async () => await keepSettingsKey(folder)));
    expect(new Set(made.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
  });

  test("that is damaged stops the start in one line, without repeating it", async () => {
    await writeFile(join(folder, "settings.key"), "half-a-key");
    const refused = keepSettingsKey(folder);
    await expect(refused).rejects.toThrow(/^.*settings\.key is damaged: restore it from a backup\.$/u);
    await expect(refused).rejects.not.toThrow("half-a-key");
    expect(await readFile(join(folder, "settings.key"), "utf8")).toBe("half-a-key");
  });

  test("that can be kept nowhere asks for the setting", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(keepSettingsKey(join(folder, "file", "data"))).rejects.toThrow("set SETTINGS_KEY");
  });
});
