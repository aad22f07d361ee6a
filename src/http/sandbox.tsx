import { Hono } from "hono";
import { AboutSandboxPage } from "../../web/pages/about-sandbox.tsx";
import type { Deps, Env } from "./deps.ts";
import type { Frames } from "./frame.ts";
import { onThisMachine } from "./loopback.ts";

/**
 * The Stripe stand-in: its payment page under `/sandbox`, and `/about-sandbox`. Its API at `/v1` answers on this machine
 * only, since its keys are no secret. Nothing of it is there when real payments are taken.
 */
export function sandboxRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  if (deps.sandbox === null) return app;
  app.use("/v1/*", onThisMachine(deps));
  app.route("/", deps.sandbox);
  app.get("/about-sandbox", async (c) => await c.html(<AboutSandboxPage frame={await frames.read(c)} />));
  return app;
}
