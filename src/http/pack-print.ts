import type { Context } from "hono";
import { packsWords as words } from "../../web/locales/en/packs.ts";
import type { PackPaper } from "../pdf/pack-pdf.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/** Printing takes about a second of the one process that answers everybody, so what was printed last is kept. */
const keptMax = 8;

export type Printer = (c: Context<Env>, key: string, name: string, pack: PackPaper) => Promise<Response>;

/** Answers packs as PDF files. A pack never changes, and so neither does its file: `key` names both. */
export function createPrinter({ printPack }: Pick<Deps, "printPack">): Printer {
  const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  async function print(key: string, pack: PackPaper): Promise<Uint8Array<ArrayBuffer>> {
    if (printPack === undefined) throw new Refused("not found", words.noPdf);
    const file = kept.get(key) ?? printPack(pack);
    kept.delete(key);
    kept.set(key, file);
    for (const oldest of kept.keys()) if (kept.size > keptMax) kept.delete(oldest);
    try {
      return await file;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  }

  return async (c, key, name, pack) => {
    const file = await print(key, pack);
    c.header("content-type", "application/pdf");
    c.header("content-disposition", `inline; filename="${name}.pdf"`);
    return c.body(file);
  };
}
