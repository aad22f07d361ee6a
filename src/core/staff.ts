import { z } from "zod";
import { normaliseEmail } from "./identity.ts";
import type { Fields } from "./give.ts";
import { refusePassword, type PasswordRefusal } from "./password.ts";
import { roles, type Membership, type Role, type Staff } from "./role.ts";

/** Somebody who is signed in, and with what. */
export type SignedInStaff = { staff: Staff; sessionId: string; email: string; hasSecondFactor: boolean };

/** Somebody on the staff as the page of staff shows them. */
export type StaffRow = {
  id: string;
  name: string;
  email: string;
  hasSecondFactor: boolean;
  memberships: HeldRole[];
  /** When somebody last asked for anything under this name; null for never. */
  seenAt: Date | null;
};

/** A role with its number and the names of where it holds. */
export type HeldRole = Membership & { id: bigint; organisation: string | null; fund: string | null };

/** An invitation that nobody has accepted yet. */
export type Invitation = { name: string; email: string; role: Role; organisation: string | null; expiresAt: Date };

/** Why a form of sign-in was not taken, by field. */
export type StaffRefusal =
  | { field: "password" | "next"; reason: PasswordRefusal }
  | { field: "name"; reason: "no name" }
  | { field: "email"; reason: "not an e-mail address" }
  | { field: "role"; reason: "not a role" }
  | { field: "where"; reason: "not a place" };

export type ReadForm<Value> = { ok: true; value: Value } | { ok: false; refusals: StaffRefusal[] };

const nameLengthMax = 100;

/** A name as it is kept: one line, without what could pass for something else. */
export function cleanName(typed: string): string {
  return typed
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim()
    .slice(0, nameLengthMax);
}

/** An address as staff sign in with it, or null when it is none. */
export function readEmail(typed: string): string | null {
  const email = normaliseEmail(typed);
  return email !== null && email.length <= 254 && z.email().safeParse(email).success ? email : null;
}

/** A new password, typed once: browsers show it on demand, and nobody has to type it twice. */
function refusalsOf(field: "password" | "next", password: string, own: readonly string[]): StaffRefusal[] {
  const reason = refusePassword(password, own);
  return reason === null ? [] : [{ field, reason }];
}

/** The form of the first admin. */
export function readFirstAdmin(fields: Fields): ReadForm<{ name: string; email: string; password: string }> {
  const name = cleanName(fields["name"] ?? "");
  const email = readEmail(fields["email"] ?? "");
  const password = fields["password"] ?? "";
  const refusals: StaffRefusal[] = [];
  if (name === "") refusals.push({ field: "name", reason: "no name" });
  if (email === null) refusals.push({ field: "email", reason: "not an e-mail address" });
  refusals.push(...refusalsOf("password", password, [name, fields["email"] ?? ""]));
  if (email === null || refusals.length > 0) return { ok: false, refusals };
  return { ok: true, value: { name, email, password } };
}

/** The form of somebody who joins: the address is the invitation's. */
export function readJoin(fields: Fields, email: string): ReadForm<{ name: string; password: string }> {
  const name = cleanName(fields["name"] ?? "");
  const password = fields["password"] ?? "";
  const refusals: StaffRefusal[] = [];
  if (name === "") refusals.push({ field: "name", reason: "no name" });
  refusals.push(...refusalsOf("password", password, [name, email]));
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, value: { name, password } };
}

/** A new password for somebody known. */
export function readNewPassword(
  fields: Fields,
  field: "password" | "next",
  own: readonly string[],
): ReadForm<{ password: string }> {
  const password = fields[field] ?? "";
  const refusals = refusalsOf(field, password, own);
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, value: { password } };
}

/** Where a role may hold: an organisation with its funds. */
export type RolePlace = { id: bigint; name: string; funds: { id: bigint; name: string }[] };

/** The form of a role: `role`, and `where` as "all", "o:<organisation>" or "f:<organisation>:<fund>". */
export function readRole(fields: Fields, places: readonly RolePlace[]): ReadForm<Membership> {
  const role = roles.find((each) => each === fields["role"]);
  const where = readWhere(fields["where"] ?? "", places);
  const refusals: StaffRefusal[] = [];
  if (role === undefined) refusals.push({ field: "role", reason: "not a role" });
  if (where === null || (role === "admin" && where.fundId !== null))
    refusals.push({ field: "where", reason: "not a place" });
  if (role === undefined || where === null || refusals.length > 0) return { ok: false, refusals };
  return { ok: true, value: { role, ...where } };
}

function readWhere(where: string, places: readonly RolePlace[]): Omit<Membership, "role"> | null {
  if (where === "all") return { organisationId: null, fundId: null };
  const [kind, organisation, fund] = where.split(":");
  const place = places.find(({ id }) => String(id) === organisation);
  if (place === undefined) return null;
  if (kind === "o" && fund === undefined) return { organisationId: place.id, fundId: null };
  const found = place.funds.find(({ id }) => String(id) === fund);
  return kind === "f" && found !== undefined ? { organisationId: place.id, fundId: found.id } : null;
}

/** How a place is written in the form's choice. */
export function wherePlace({ organisationId, fundId }: Omit<Membership, "role">): string {
  if (organisationId === null) return "all";
  return fundId === null ? `o:${organisationId}` : `f:${organisationId}:${fundId}`;
}

/**
 * Where to go after signing in: a path of our own, as written in an address, or the desk. Anything that a browser could
 * take for another host is not one.
 */
export function safePath(to: string | undefined, usual = "/desk"): string {
  if (to === undefined || to.length > 1000) return usual;
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/u.test(to) && !/^\/(?:sign-in|sign-out)(?:[/?#]|$)/u.test(to) ? to : usual;
}

/** Whether these roles let somebody change what others rely on, so that a password alone is not enough. */
export function needsSecondFactor({ memberships }: Staff): boolean {
  return memberships.some(({ role }) => role === "admin" || role === "treasurer");
}
