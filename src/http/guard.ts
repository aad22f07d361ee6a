import type { Context, MiddlewareHandler } from "hono";
import { mayAnywhere, type Deed } from "../core/role.ts";
import { needsSecondFactor, type SignedInStaff } from "../core/staff.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused, wantsJson } from "./failure.ts";
import { whoIs } from "./session.ts";

/** Where a second factor is set up: all that a session reaches which needs one and has none. */
export const secondFactorPath = "/account/second-factor";

/** What every handler is that lets nobody through who is not signed in: `src/http/open.ts` looks for them. */
const guards = new WeakSet<MiddlewareHandler<Env>>();

/** Whether this handler of a route is a guard. */
export function isGuard(handler: unknown): boolean {
  return guards.has(handler as MiddlewareHandler<Env>);
}

/** Lets only those through who may do this somewhere; what they may do with a row, the route asks `may` of `c.get("staff")`. */
export function guard(deps: Deps, deed: Deed): MiddlewareHandler<Env> {
  return known(async (c, next) => {
    const who = await whoIs(c, deps);
    if (who === null) return askToSignIn(c);
    if (lacksSecondFactor(who, deps)) {
      if (isPage(c)) return c.redirect(secondFactorPath, 303);
      throw new Refused("second factor first");
    }
    if (!mayAnywhere(who.staff, deed)) throw new Refused("not allowed");
    c.set("staff", who.staff);
    return await next();
  });
}

/** Lets everybody through who is signed in, whatever the role: for what concerns only the person. */
export function guardOwn(deps: Deps): MiddlewareHandler<Env> {
  return known(async (c, next) => {
    const who = await whoIs(c, deps);
    if (who === null) return askToSignIn(c);
    if (lacksSecondFactor(who, deps) && !c.req.path.startsWith(secondFactorPath)) {
      if (isPage(c)) return c.redirect(secondFactorPath, 303);
      throw new Refused("second factor first");
    }
    c.set("staff", who.staff);
    return await next();
  });
}

/** Who is signed in, behind a guard. */
export function signedIn(c: Context<Env>): SignedInStaff {
  const who = c.get("signedIn");
  if (who === null || who === undefined) throw new Refused("sign in first");
  return who;
}

/** Whether this person's role asks for a second factor that is not set up. In the sandbox nothing real can be changed. */
function lacksSecondFactor(who: SignedInStaff, { mode }: Pick<Deps, "mode">): boolean {
  return mode !== "sandbox" && needsSecondFactor(who.staff) && !who.hasSecondFactor;
}

function known(handler: MiddlewareHandler<Env>): MiddlewareHandler<Env> {
  guards.add(handler);
  return handler;
}

/** A page leads to the form and comes back; anything else is told so. */
function askToSignIn(c: Context<Env>): Response {
  if (!isPage(c)) throw new Refused("sign in first");
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`/sign-in?to=${encodeURIComponent(pathname + search)}`, 303);
}

/** Whether a person looks at this: no figures for a script, no stream, no file. */
function isPage(c: Context): boolean {
  if (c.req.method !== "GET" && c.req.method !== "HEAD") return false;
  if (wantsJson(c) || /\.[a-z]{2,5}$/u.test(c.req.path) || c.req.path.endsWith("/live")) return false;
  return !(c.req.header("accept") ?? "").startsWith("text/event-stream");
}
