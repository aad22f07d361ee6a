import { Hono } from "hono";
import { accentPair } from "../core/colour.ts";
import { findPicture } from "../db/picture.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { keptForEver } from "./headers.ts";

/** What organisations bring to their pages: `/pictures/:id`, and `/accent/:colour.css`, their colour as a style. */
export function pictureRoutes({ sql }: Deps): Hono<Env> {
  const app = new Hono<Env>();

  // Both addresses say what is in them, so that it never changes.
  app.get("/pictures/:id{[0-9a-f]{32}}", keptForEver, async (c) => {
    const picture = await findPicture(sql, c.req.param("id"));
    if (picture === null) throw new Refused("not found");
    return c.body(picture.bytes, 200, { "content-type": picture.type, "content-disposition": "inline" });
  });

  app.get("/accent/:colour{[0-9a-f]{6}\\.css}", keptForEver, (c) => {
    const { light, dark, onLight, onDark } = accentPair(`#${c.req.param("colour").slice(0, 6)}`);
    const pair = (day: string, night: string): string => `light-dark(${day}, ${night})`;
    const rules = [
      `--accent: ${pair(light, dark)}`,
      `--accent-deep: color-mix(in srgb, var(--accent) 84%, ${pair("#000", "#fff")})`,
      `--on-accent: ${pair(onLight, onDark)}`,
      `--thread: color-mix(in srgb, var(--accent) 50%, var(--paper))`,
      `--wash: color-mix(in srgb, var(--accent) 8%, var(--card))`,
      `--chart-given: var(--accent)`,
    ];
    return c.body(`:root { ${rules.join("; ")} }\n`, 200, { "content-type": "text/css; charset=utf-8" });
  });

  return app;
}
