import type { MiddlewareHandler } from "hono";
import { Refused } from "./failure.ts";

/**
 * Refuses what another site has a browser send here. Every request that changes something must say that it comes from
 * our own pages: `Sec-Fetch-Site` where the browser sends it, and `Origin`; both when both are there, one at least. This
 * holds for any content type, unlike Hono's own check, which looks at form bodies only. A request with an Authorization
 * header is let through: no browser sends that header for another site without asking us first, and we allow none.
 */
export function ownPagesOnly(baseUrl: string): MiddlewareHandler {
  const baseOrigin = new URL(baseUrl).origin;
  return async (c, next) => {
    if (["GET", "HEAD", "OPTIONS"].includes(c.req.method)) return await next();
    if (c.req.header("authorization") !== undefined) return await next();
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const siteIsOurs = site === undefined || site === "same-origin" || site === "none";
    const originIsOurs = origin === undefined || origin === baseOrigin || hostOf(origin) === c.req.header("host");
    const isSaid = site !== undefined || origin !== undefined;
    if (!isSaid || !siteIsOurs || !originIsOurs) throw new Refused("from elsewhere");
    return await next();
  };
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
