import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";

const squeeze = compress();

/**
 * Answers go over the wire compressed, but for those that are kept nowhere: what only somebody signed in may see, and links
 * and codes that let people in. Whoever can have a page repeat chosen words beside a secret could read the secret from the
 * lengths of its compressed answers (BREACH, https://breachattack.com), and such pages are asked for rarely. A stream of events is not
 * compressed either: it would be held back.
 */
export const compressed: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.headers.get("cache-control")?.includes("no-store") === true) return;
  await squeeze(c, async () => await Promise.resolve());
};
