import { Hono, type MiddlewareHandler } from "hono";
import type { Deps, Env, ReadyCheck } from "./deps.ts";
import { neverKept } from "./headers.ts";

/** Longer than this a check has failed, whatever it waits for. */
const answerWithinMs = 5_000;

/** `/livez`: the process answers. `/readyz`: it can do its work; what it waits for is named, nothing more is told. */
export function healthRoutes({ ready }: Pick<Deps, "ready">): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/livez", neverKept);
  app.use("/readyz", neverKept);
  app.get("/livez", (c) => c.json({ live: true }));
  app.get("/readyz", async (c) => {
    const results = await Promise.all(ready.map(async (check) => ({ name: check.name, holds: await holds(check) })));
    const waitingFor = results.filter((result) => !result.holds).map((result) => result.name);
    return c.json({ ready: waitingFor.length === 0, waitingFor }, waitingFor.length === 0 ? 200 : 503);
  });
  return app;
}

/** Lets through what needs no database; the rest only once `admit` says so. */
export function admitted(admit: () => Promise<void>): MiddlewareHandler {
  return async (c, next) => {
    if (!/^\/(?:livez$|readyz$|assets\/)/u.test(c.req.path)) await admit();
    await next();
  };
}

async function holds(check: ReadyCheck): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), answerWithinMs);
  try {
    return await Promise.race([check.holds(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
