import type { Alert, AlertKind, OwnFinding, PastAlert } from "../core/alert.ts";
import type { NewMail } from "../core/mail.ts";
import type { Staff } from "../core/role.ts";
import type { Sql } from "./connect.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

type Row = Omit<Alert, "owner"> & { ownerId: string | null; ownerName: string | null };

/** Raises and clears alerts by what is so now; `found` is what only this process sees, of the kinds it `looked` for. */
export async function watchAlerts(sql: Sql, found: readonly OwnFinding[], looked: readonly AlertKind[]): Promise<void> {
  await sql`select watch_alerts(${sql.json(found)}, ${sql.json(looked)})`;
}

/**
 * What needs a hand at this very moment, whether or not anybody was told of it yet. What concerns the whole service is only
 * for those who see all organisations.
 */
export async function listAlerts(sql: Sql, organisations: Organisations): Promise<Alert[]> {
  const rows = await sql<Row[]>`
    select a.id, f.kind, f.subject, f.about, coalesce(a.since, now()) as since, coalesce(a.due_at, now() + f.within) as "dueAt",
      a.owner_id as "ownerId", a.owner_name as "ownerName"
    from alert_finding f
    left join alert a on a.kind = f.kind and a.subject = f.subject and a.cleared_at is null
    where ${isTheirs(sql, organisations, sql`f.organisation_id`)}
    union all
    select a.id, a.kind, a.subject, a.about, a.since, a.due_at, a.owner_id, a.owner_name
    from alert a
    where a.kind in ('disk low', 'proxy') and a.cleared_at is null and ${isTheirs(sql, organisations, sql`a.organisation_id`)}`;
  return rows.map(asAlert);
}

/** How many alerts were raised and still stand, for the line on each page. */
export async function countAlerts(sql: Sql, organisations: Organisations): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from alert a
    where a.cleared_at is null and ${isTheirs(sql, organisations, sql`a.organisation_id`)}`;
  return row?.count ?? 0;
}

/** The newest alerts that are over, at most `limit`. */
export async function listPastAlerts(sql: Sql, organisations: Organisations, limit: number): Promise<PastAlert[]> {
  const rows = await sql<(Omit<PastAlert, "owner"> & { ownerId: string | null; ownerName: string | null })[]>`
    select a.id, a.kind, a.subject, a.about, a.since, a.cleared_at as "clearedAt", a.owner_id as "ownerId", a.owner_name as "ownerName"
    from alert a
    where a.cleared_at is not null and ${isTheirs(sql, organisations, sql`a.organisation_id`)}
    order by a.cleared_at desc, a.id desc
    limit ${limit}`;
  return rows.map(({ ownerId, ownerName, ...row }) => ({ ...row, owner: ownerOf(ownerId, ownerName) }));
}

/** Somebody takes an alert, or gives it back. Answers whether it still stands and concerns them. */
export async function takeAlert(
  sql: Sql,
  { id, name }: Pick<Staff, "id" | "name">,
  organisations: Organisations,
  { alertId, take }: { alertId: bigint; take: boolean },
): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`
    select take_alert(a.id, ${sql.json({ id, name })}, ${take}) as taken
    from alert a where a.id = ${alertId} and ${isTheirs(sql, organisations, sql`a.organisation_id`)}`;
  return row?.taken === true;
}

/** An alert of which nobody has been told yet, that it stands or that it is over. */
export type Untold = Pick<Alert, "kind" | "subject" | "about" | "since" | "dueAt"> & {
  id: bigint;
  organisationId: bigint | null;
  isOver: boolean;
};

/** The alerts to be told of, the oldest first. */
export async function listUntold(sql: Sql): Promise<Untold[]> {
  return await sql<Untold[]>`
    select id, kind, subject, about, since, due_at as "dueAt", organisation_id as "organisationId", told_at is not null as "isOver"
    from alert
    where told_at is null or (cleared_at is not null and cleared_told_at is null)
    order by id`;
}

/** Who is told by mail of what concerns an organisation, or the whole service when null. */
export async function listRecipients(
  sql: Sql,
  organisationId: bigint | null,
): Promise<{ staffId: string; email: string }[]> {
  return await sql<{ staffId: string; email: string }[]>`
    select staff_id as "staffId", email from alert_recipients(${organisationId}::bigint)`;
}

/** Notes that an alert was told, with the mails that say so. Answers whether this is the call that did. */
export async function tellAlert(sql: Sql, { id, isOver }: Untold, mails: readonly NewMail[]): Promise<boolean> {
  const [row] = await sql<{ told: boolean }[]>`select tell_alert(${id}, ${isOver}, ${sql.json(mails)}) as told`;
  return row?.told === true;
}

function asAlert({ ownerId, ownerName, about, ...row }: Row): Alert {
  return { ...row, about, owner: ownerOf(ownerId, ownerName) };
}

function ownerOf(id: string | null, name: string | null): Alert["owner"] {
  return id === null ? null : { id, name: name ?? "" };
}
