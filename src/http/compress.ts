import type { Context, MiddlewareHandler } from "hono";
import { compress } from "hono/compress";

const squeeze = compress();

/**
 * Answers go over the wire compressed. One that is kept nowhere (what only somebody signed in may see, links and codes that
 * let people in) is so only where somebody went to that page from one of ours, or by its address. Whoever has a page repeat
 * chosen words beside a secret, often, reads the secret from the lengths of the compressed answers (BREACH,
 * https://breachattack.com); to ask often they need a page of theirs, and the browser says that a request comes from one
 * (https://www.w3.org/TR/fetch-metadata/). A stream of events is not compressed either: it would be held back.
 */
export const compressed: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.headers.get("cache-control")?.includes("no-store") === true && !isOwnVisit(c)) return;
  await squeeze(c, async () => await Promise.resolve());
};

/** A page that somebody asked for, and no page of somebody else's for them. No word of it, no visit. */
function isOwnVisit(c: Context): boolean {
  const from = c.req.header("sec-fetch-site");
  return c.req.header("sec-fetch-mode") === "navigate" && (from === "same-origin" || from === "none");
}
