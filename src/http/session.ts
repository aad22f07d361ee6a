import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { SignedInStaff } from "../core/staff.ts";
import { endSessions, openSession, useSession } from "../db/staff.ts";
import type { Deps, Env } from "./deps.ts";

/**
 * Who is signed in on this request, asked of the database once a request and only when it brings a session's cookie with
 * our signature. Roles are those of this moment.
 */
export async function whoIs(c: Context<Env>, { auth, sql }: Pick<Deps, "auth" | "sql">): Promise<SignedInStaff | null> {
  const known = c.get("signedIn");
  if (known !== undefined) return known;
  const token = await getSignedCookie(c, auth.secret, auth.cookie.name);
  const found = typeof token === "string" ? await useSession(sql, token) : null;
  c.set("signedIn", found);
  return found;
}

/** Hands on the cookies that the library made for a session. */
export function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
}

/** Ends the session of this request, so that no session is left behind when another one begins. */
export async function leave(c: Context<Env>, deps: Deps): Promise<void> {
  const who = await whoIs(c, deps);
  if (who !== null) await endSessions(deps.sql, who.staff.id, { only: who.sessionId });
  c.set("signedIn", null);
}

/** Takes the session's cookie out of the browser. */
export function forgetCookie(c: Context, { auth }: Pick<Deps, "auth">): void {
  deleteCookie(c, auth.cookie.name, { path: "/", secure: auth.cookie.isSecure });
}

/** Signs somebody in without a password: the demo's people, at this machine. */
export async function enterAs(c: Context<Env>, deps: Deps, staffId: string): Promise<void> {
  const { name, isSecure } = deps.auth.cookie;
  const token = `${deps.random()}${deps.random()}`;
  await openSession(deps.sql, staffId, token, c.req.header("user-agent") ?? "");
  await setSignedCookie(c, name, token, deps.auth.secret, {
    httpOnly: true,
    path: "/",
    sameSite: "Lax",
    secure: isSecure,
    maxAge: 12 * 60 * 60,
  });
}
