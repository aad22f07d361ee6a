import type { Hono } from "hono";
import type { Env } from "./deps.ts";
import { isGuard } from "./guard.ts";

/**
 * Every address that opens for whoever asks, by method and pattern. All others stand behind a guard: `refuseOpenRoutes`
 * sees to it at the start, and tests/http/matrix.test.ts tries each of them as everybody.
 */
export const openToAll: readonly string[] = [
  "GET /",
  "GET /funds/:slug",
  "GET /funds/:slug/give",
  "POST /funds/:slug/give",
  "GET /campaigns/:slug",
  "GET /campaigns/:slug/order",
  "POST /campaigns/:slug/order",
  "GET /thanks/:session",
  "GET /pictures/:id{[0-9a-f]{32}}",
  "GET /accent/:colour{[0-9a-f]{6}\\.css}",
  "GET /api/openapi.json",
  "GET /api/totals",
  "GET /api/campaigns/:slug",
  "GET /livez",
  "GET /readyz",
  "GET /assets/*",
  "POST /webhooks/stripe",
  "POST /webhooks/stripe/:account",
  "GET /sign-in",
  "POST /sign-in",
  "GET /sign-in/code",
  "POST /sign-in/code",
  "POST /sign-in/as",
  "POST /sign-out",
  "GET /setup/:token",
  "POST /setup/:token",
  "GET /join/:token",
  "POST /join/:token",
  "GET /reset/:token",
  "POST /reset/:token",
  "GET /packs/:token",
  "GET /packs/:token/pack.pdf",
  "GET /about-sandbox",
];

/** Stripe's stand-in is open as Stripe is; its API answers on this machine only. */
const openBelow = /^(?:GET|POST|DELETE|ALL) \/(?:sandbox|v1)\//u;

type Route = { method: string; path: string; handler: unknown };

/** What answers a request, as method and pattern, and whether it stands behind a guard. Middleware for all is left out. */
export function listRoutes(app: Hono<Env>): { route: string; isGuarded: boolean }[] {
  const routes = app.routes as Route[];
  const found = new Map<string, boolean>();
  for (const [place, { method, path }] of routes.entries()) {
    const route = `${method} ${path}`;
    if (method === "ALL" || found.get(route) === true) continue;
    found.set(route, isBehindGuard(routes.slice(0, place + 1), method, path));
  }
  return [...found].map(([route, isGuarded]) => ({ route, isGuarded }));
}

/**
 * Refuses to serve when an address is neither open by name nor behind a guard: whoever adds one must say which.
 * @throws Error that names them
 */
export function refuseOpenRoutes(app: Hono<Env>): void {
  const stray = listRoutes(app).filter(
    ({ route, isGuarded }) => !isGuarded && !openToAll.includes(route) && !openBelow.test(route),
  );
  if (stray.length === 0) return;
  throw new Error(`no guard stands before ${stray.map(({ route }) => route).join(", ")}: see src/http/open.ts`);
}

/** Whether a guard is among the handlers that come first on this route. */
function isBehindGuard(before: readonly Route[], method: string, path: string): boolean {
  return before.some(
    (route) => isGuard(route.handler) && ["ALL", method].includes(route.method) && covers(route.path, path),
  );
}

/** Whether one pattern is met by all that meets the other: the same, or `/desk/*` before whatever begins with `/desk/`. */
function covers(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  if (!pattern.endsWith("/*")) return false;
  const start = pattern.slice(0, -2);
  return path === start || path.startsWith(`${start}/`);
}
