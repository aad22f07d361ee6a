import type { Membership, Role } from "../core/role.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";
import type { By, Outcome } from "./staff.ts";

/** What an address that works once is for. */
export type LinkKind = "set up" | "join" | "reset";

/** How long each works, in seconds: half an hour, a week, a day. */
const lasts: Record<LinkKind, number> = { "set up": 30 * 60, join: 7 * 86_400, reset: 86_400 };

export type NewLink = {
  kind: LinkKind;
  staffId?: string;
  name?: string;
  email?: string;
  roles?: readonly Membership[];
  clearsTwoFactor?: boolean;
};

/**
 * Makes an address that works once; earlier ones for the same end stop working. Only its hash is kept.
 * @returns the secret part of the address: 256 bits as 43 characters of base64url
 */
export async function makeLink(sql: Sql, by: By, { roles = [], ...link }: NewLink): Promise<Outcome<string>> {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const stored = {
    ...link,
    hash: await hashOf(token),
    seconds: lasts[link.kind],
    roles: roles.map(({ role, organisationId, fundId }) => ({
      role,
      organisationId: organisationId?.toString() ?? null,
      fundId: fundId?.toString() ?? null,
    })),
  };
  try {
    await sql`select make_link(${sql.json({ id: by.id, name: by.name })}, ${sql.json(stored)})`;
    return { ok: true, value: token };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** What a link opens. */
export type OpenLink = {
  hash: string;
  name: string | null;
  email: string | null;
  roles: { role: Role }[];
  clearsTwoFactor: boolean;
};

/** Looks what a link opens, without using it up; null once it was used, is too old, or never was. */
export async function readLink(sql: Sql, kind: LinkKind, token: string): Promise<OpenLink | null> {
  if (!/^[\w-]{43}$/u.test(token)) return null;
  const hash = await hashOf(token);
  const [row] = await sql<Omit<OpenLink, "hash">[]>`
    select name, email, roles, clears_two_factor as "clearsTwoFactor" from read_link(${hash}, ${kind})`;
  return row === undefined ? null : { hash, ...row };
}

async function hashOf(token: string): Promise<string> {
  const bits = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Buffer.from(bits).toString("hex");
}
