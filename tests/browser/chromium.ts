import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import packaged from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";
import packageFile from "../../package.json" with { type: "json" };

/** No sandbox and no zygote, since tests may run as root; and nothing that is not on this machine has an address. */
const linuxFlags = [
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--font-render-hinting=none",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-pings",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

const fontsFile = "only-these.conf";

/**
 * A Chromium that needs nothing installed: on Linux the one of an npm package, elsewhere the Chrome that is there.
 * @param flags more of them, as the program takes them
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  if (process.platform !== "linux") return await chromium.launch({ channel: "chrome", args: [...flags] });
  const executablePath = await inflated();
  // A machine without a single font would show no letter, not even of the fonts that our pages bring along.
  const env = { ...process.env, FONTCONFIG_FILE: join(dirname(executablePath), fontsFile) };
  return await chromium.launch({ executablePath, args: [...linuxFlags, ...flags], env });
}

/**
 * The package's Chromium, inflated once into a folder of this version and this person. It is made under another name and
 * moved there whole, so that of several test files that start at once none finds half of it.
 */
async function inflated(): Promise<string> {
  const folder = join(
    tmpdir(),
    `almonry-chromium-${packageFile.devDependencies["@sparticuz/chromium"]}-${userInfo().uid}`,
  );
  const program = join(folder, "chromium");
  if (existsSync(program)) return program;
  const making = await mkdtemp(`${folder}-`);
  try {
    await inflateInto(making);
    await writeFile(join(making, fontsFile), `<fontconfig><dir>${join(folder, "fonts")}</dir></fontconfig>`);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!existsSync(program)) throw error;
  }
  return program;
}

/** The package inflates into the folder for temporary files, wherever that is. */
async function inflateInto(folder: string): Promise<void> {
  const { TMPDIR: before } = process.env;
  process.env["TMPDIR"] = folder;
  try {
    await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
