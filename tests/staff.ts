import { randomBytes } from "node:crypto";
import { createAuth, deriveSecret, type Auth } from "../src/auth/auth.ts";
import type { Membership, Role } from "../src/core/role.ts";
import type { Sql } from "../src/db/connect.ts";
import { openSession } from "../src/db/staff.ts";

/** The SETTINGS_KEY of every service that tests start, so that they can sign in without its forms. */
export const settingsKey = "5e".repeat(32);
const secret = await deriveSecret(Buffer.from(settingsKey, "hex"));

/** Sign-in for an app that a test puts together by itself. */
export function testAuth(databaseUrl: string, baseUrl: string): Auth {
  return createAuth({ databaseUrl, baseUrl, secret, connections: 2, costs: { N: 2 ** 10, r: 8, p: 1 } });
}

/** Somebody on the staff who is signed in. */
export type SignedIn = {
  id: string;
  name: string;
  /** The session's cookie, as a browser sends it. */
  headers: { cookie: string };
  /** The same for a browser's context. */
  cookie: { name: string; value: string };
};

type Held = { role: Role } & Partial<Membership>;

/** Puts somebody on the staff, with these roles, and signs them in. */
export async function signIn(
  sql: Sql,
  held: Role | readonly Held[],
  { baseUrl = "http://127.0.0.1", name }: { baseUrl?: string; name?: string } = {},
): Promise<SignedIn> {
  const roles: readonly Held[] = typeof held === "string" ? [{ role: held }] : held;
  const id = randomBytes(8).toString("hex");
  const called = name ?? `${roles.map(({ role }) => role).join(" and ")} ${id.slice(0, 4)}`;
  await sql`insert into auth.staff (id, name, email) values (${id}, ${called}, ${`${id}@example.org`})`;
  for (const { role, organisationId = null, fundId = null } of roles) {
    await sql`
      insert into auth.membership (staff_id, role, organisation_id, fund_id)
      values (${id}, ${role}, ${organisationId}, ${fundId})`;
  }
  return { id, name: called, ...(await sessionOf(sql, id, baseUrl)) };
}

/** One more session of somebody. */
export async function sessionOf(
  sql: Sql,
  staffId: string,
  baseUrl = "http://127.0.0.1",
): Promise<Pick<SignedIn, "headers" | "cookie">> {
  const token = randomBytes(16).toString("hex");
  await openSession(sql, staffId, token, "a test");
  const key = await crypto.subtle.importKey("raw", Buffer.from(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const signature = Buffer.from(await crypto.subtle.sign("HMAC", key, Buffer.from(token))).toString("base64");
  const cookie = {
    name: baseUrl.startsWith("https://") ? "__Host-almonry" : "almonry",
    value: encodeURIComponent(`${token}.${signature}`),
  };
  return { headers: { cookie: `${cookie.name}=${cookie.value}` }, cookie };
}
