import { Hono, type Context } from "hono";
import { openPackLink, type OpenedPack } from "../db/pack-link.ts";
import type { SharedPack } from "../../web/charts/pack-data.ts";
import { sharedDocuments } from "../../web/charts/pack-shared.ts";
import { packsWords as words } from "../../web/locales/en/packs.ts";
import { SharedPackPage } from "../../web/pages/pack.tsx";
import type { PackDocument } from "../../web/charts/pack-block.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { neverIndexed, neverKept } from "./headers.ts";
import { createPrinter } from "./pack-print.ts";
import { openByLink } from "./throttle.ts";

/** `/packs/:token`: one pack for whoever has its link, as far as it may be shared; its address opens nothing else. */
export function sharedPackRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql, now } = deps;
  const app = new Hono<Env>();
  const print = createPrinter(deps);
  app.use("/packs/*", neverKept, neverIndexed);

  /** A link that was taken back, has ended or never was looks the same. */
  async function open(c: Context<Env>, what: "page" | "pdf"): Promise<OpenedPack & { documents: PackDocument[] }> {
    const opened = await openByLink(
      c,
      deps,
      async () => await openPackLink(sql, c.req.param("token") ?? "", what, now()),
    );
    if (opened === null) throw new Refused("not found", words.gone);
    const documents = sharedDocuments(
      opened.shared as SharedPack,
      Number(opened.number),
      opened.expiresAt.toISOString(),
    );
    return { ...opened, documents };
  }

  app.get("/packs/:token", async (c) => {
    const { documents } = await open(c, "page");
    const pdf = `/packs/${c.req.param("token")}/pack.pdf`;
    return await c.html(<SharedPackPage frame={await frames.read(c)} documents={documents} pdf={pdf} />);
  });

  app.get("/packs/:token/pack.pdf", async (c) => {
    const { link, number, documents, madeAt } = await open(c, "pdf");
    return await print(c, `link ${link}`, `board-pack-${number}`, { documents, madeAt });
  });

  return app;
}
