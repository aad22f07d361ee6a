import type { HeldRole, Invitation, RolePlace, SignedInStaff, StaffRow } from "../core/staff.ts";
import type { Membership, Role, Staff } from "../core/role.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";

/** Who does something, as the audit trail names them. */
export type By = Pick<Staff, "id" | "name">;

/** Done, or the words in which the database refused it. */
export type Outcome<Value = null> = { ok: true; value: Value } | { ok: false; refusal: string };

type HeldText = { id: string; role: Role; organisationId: string | null; fundId: string | null };

/** Who holds this session, if it still opens anything. Notes that it was used. */
export async function useSession(sql: Sql, token: string): Promise<SignedInStaff | null> {
  const [row] = await sql<
    { sessionId: string; staffId: string; name: string; email: string; twoFactor: boolean; memberships: HeldText[] }[]
  >`
    select session_id as "sessionId", staff_id as "staffId", name, email, two_factor as "twoFactor", memberships
    from use_session(${token})`;
  if (row === undefined) return null;
  return {
    staff: { id: row.staffId, name: row.name, memberships: row.memberships.map((held) => membershipOf(held)) },
    sessionId: row.sessionId,
    email: row.email,
    hasSecondFactor: row.twoFactor,
  };
}

function membershipOf({ role, organisationId, fundId }: Omit<HeldText, "id">): Membership {
  return {
    role,
    organisationId: organisationId === null ? null : BigInt(organisationId),
    fundId: fundId === null ? null : BigInt(fundId),
  };
}

/** A session for somebody known by other means than a password. */
export async function openSession(sql: Sql, staffId: string, token: string, agent: string): Promise<void> {
  await sql`select open_session(${staffId}, ${token}, ${agent.slice(0, 300)})`;
}

/** Ends somebody's sessions: all, all `but` one, or `only` one. @returns how many */
export async function endSessions(
  sql: Sql,
  staffId: string,
  which: { but?: string; only?: string } = {},
): Promise<number> {
  const [row] = await sql<{ ended: bigint }[]>`
    select end_sessions(${staffId}, ${which.but ?? null}, ${which.only ?? null}) as ended`;
  return Number(row?.ended ?? 0n);
}

export type SessionRow = { id: string; agent: string; since: Date; seenAt: Date };

/** Somebody's sessions that have not ended, the one used last first. */
export async function listSessions(sql: Sql, staffId: string): Promise<SessionRow[]> {
  return await sql<SessionRow[]>`
    select id, coalesce(user_agent, '') as agent, created_at as since, seen_at as "seenAt"
    from auth.session where staff_id = ${staffId} and expires_at > now()
    order by seen_at desc, id limit 50`;
}

/** Whether somebody signs in with a password; the demo's people do not. */
export async function hasPassword(sql: Sql, staffId: string): Promise<boolean> {
  const [row] = await sql<{ has: boolean }[]>`
    select exists (select from auth.credential where staff_id = ${staffId} and password is not null) as has`;
  return row?.has === true;
}

/** Turns of a key: `most` at once, and one more every `seconds`. */
export type Turn = { key: string; most: number; seconds: number };

/** Takes a turn of each key. @returns after how many seconds to come again; 0 when the turn was taken */
export async function takeTurn(sql: Sql, turns: readonly Turn[]): Promise<number> {
  const [row] = await sql<{ wait: bigint }[]>`select take_turn(${sql.json(turns)}) as wait`;
  return Number(row?.wait ?? 0n);
}

/** Forgets the turns of a key: whoever proved to be who they say has not guessed. */
export async function giveTurnsBack(sql: Sql, key: string): Promise<void> {
  await sql`select give_turns_back(${key})`;
}

/** Whether nobody was ever on the staff. */
export async function isStaffEmpty(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ empty: boolean }[]>`select staff_is_empty() as empty`;
  return row?.empty === true;
}

/** Makes the first admin by the set-up link. @returns the staff's number */
export async function makeFirstAdmin(
  sql: Sql,
  first: { hash: string; name: string; email: string; password: string },
): Promise<Outcome<string>> {
  return await attempt(async () => {
    const [row] = await sql<{ id: string }[]>`select make_first_admin(${sql.json(first)}) as id`;
    return row?.id ?? "";
  });
}

/** Joins the staff by an invitation. */
export async function joinStaff(
  sql: Sql,
  join: { hash: string; name: string; password: string },
): Promise<Outcome<string>> {
  return await attempt(async () => {
    const [row] = await sql<{ id: string }[]>`select join_staff(${sql.json(join)}) as id`;
    return row?.id ?? "";
  });
}

/** Sets a new password by a link. @returns the address to sign in with */
export async function resetPassword(sql: Sql, reset: { hash: string; password: string }): Promise<Outcome<string>> {
  return await attempt(async () => {
    const [row] = await sql<{ email: string }[]>`select reset_password(${sql.json(reset)}) as email`;
    return row?.email ?? "";
  });
}

/** Gives a role, and ends the person's sessions. */
export async function giveRole(sql: Sql, by: By, staffId: string, held: Membership): Promise<Outcome> {
  return await attempt(async () => {
    await sql`select give_role(${sql.json(idAndName(by))}, ${sql.json({ staffId, ...asText(held) })})`;
    return null;
  });
}

/** Takes a role, and ends the person's sessions. */
export async function takeRole(sql: Sql, by: By, membershipId: bigint): Promise<Outcome> {
  return await attempt(async () => {
    await sql`select take_role(${sql.json(idAndName(by))}, ${membershipId})`;
    return null;
  });
}

/** Takes somebody off the staff; the name stays in history. */
export async function removeStaff(sql: Sql, by: By, staffId: string): Promise<Outcome> {
  return await attempt(async () => {
    await sql`select remove_staff(${sql.json(idAndName(by))}, ${staffId})`;
    return null;
  });
}

/** The staff of today, by name. */
export async function listStaff(sql: Sql): Promise<StaffRow[]> {
  const rows = await sql<(Omit<StaffRow, "memberships"> & { memberships: HeldNames[] })[]>`
    select s.id, s.name, s.email, s.two_factor_enabled as "hasSecondFactor",
      (select max(seen_at) from auth.session where staff_id = s.id) as "seenAt",
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', m.id::text, 'role', m.role, 'organisationId', m.organisation_id::text, 'fundId', m.fund_id::text,
          'organisation', o.name, 'fund', f.name
        ) order by m.id)
        from auth.membership m
        left join organisation o on o.id = m.organisation_id
        left join fund f on f.id = m.fund_id
        where m.staff_id = s.id
      ), '[]') as memberships
    from auth.staff s where s.left_at is null
    order by lower(s.name), s.id`;
  return rows.map((row) => ({ ...row, memberships: row.memberships.map((held) => heldRole(held)) }));
}

type HeldNames = HeldText & Pick<HeldRole, "organisation" | "fund">;

function heldRole({ id, organisation, fund, ...held }: HeldNames): HeldRole {
  return { ...membershipOf(held), id: BigInt(id), organisation, fund };
}

/** Somebody on the staff of today by their address; null when nobody has it. */
export async function findStaffByEmail(sql: Sql, email: string): Promise<By | null> {
  const [row] = await sql<By[]>`select id, name from auth.staff where email = ${email} and left_at is null`;
  return row ?? null;
}

/** Invitations that nobody has accepted and that still open, with the number of the organisation they are for. */
export async function listInvitations(sql: Sql): Promise<(Invitation & { organisationId: bigint | null })[]> {
  return await sql<(Invitation & { organisationId: bigint | null })[]>`
    select l.name, l.email, r.role, r."organisationId", o.name as organisation, l.expires_at as "expiresAt"
    from auth.link l
    cross join lateral jsonb_to_recordset(l.roles) as r (role text, "organisationId" bigint)
    left join organisation o on o.id = r."organisationId"
    where l.kind = 'join' and l.used_at is null and l.expires_at > now()
    order by l.expires_at, l.email`;
}

/** Where roles may hold: every organisation, with the funds that its accounts take gifts for. */
export async function listRolePlaces(sql: Sql): Promise<RolePlace[]> {
  const rows = await sql<{ id: bigint; name: string; funds: { id: string; name: string }[] }[]>`
    select o.id, o.name, coalesce((
      select jsonb_agg(jsonb_build_object('id', f.id::text, 'name', f.name) order by f.name)
      from fund f
      where f.general_of = o.id or exists (
        select from fund_account fa join account a on a.id = fa.account_id
        where fa.fund_id = f.id and a.organisation_id = o.id
      )
    ), '[]') as funds
    from organisation o order by o.position, o.id`;
  return rows.map(({ id, name, funds }) => ({
    id,
    name,
    funds: funds.map((fund) => ({ id: BigInt(fund.id), name: fund.name })),
  }));
}

/** The demo's people, by the role each has. */
export async function makeDemoStaff(
  sql: Sql,
  people: readonly { id: string; name: string; role: Role }[],
): Promise<void> {
  await sql`select make_demo_staff(${sql.json(people)})`;
}

async function attempt<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

function idAndName({ id, name }: By): By {
  return { id, name };
}

function asText({ role, organisationId, fundId }: Membership) {
  return { role, organisationId: organisationId?.toString() ?? null, fundId: fundId?.toString() ?? null };
}
