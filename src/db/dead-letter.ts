import type { DeadLetter } from "../core/dead-letter.ts";
import type { FetchKind } from "../core/fact.ts";
import type { Sql } from "./connect.ts";

type Row = {
  account: string;
  objectId: string | null;
  since: Date;
  reason: string;
  inboxId: bigint | null;
  eventId: string;
  type: string;
  source: "webhook" | "fetch" | "sweep";
  accountId: bigint;
  kind: FetchKind;
};

/** What was given up, the newest first, at most `limit`; and how many there are in all. */
export async function listDeadLetters(sql: Sql, limit: number): Promise<{ letters: DeadLetter[]; count: number }> {
  const rows = await sql<(Row & { count: number })[]>`
    select dead.*, a.slug::text as account, (count(*) over ())::int as count
    from (
      select t.account_id as "accountId", i.object_id as "objectId", t.dead_at as since, t.error as reason, t.inbox_id as "inboxId",
        i.event_id as "eventId", i.type, i.source, null as kind
      from ticket t join inbox i on i.id = t.inbox_id
      where t.dead_at is not null
      union all
      select n.account_id, n.object_id, n.since, coalesce(n.error, ''), null, null, null, null, n.kind
      from fetch_need n
      where n.due_at = 'infinity'
    ) dead
    join account a on a.id = dead."accountId"
    order by dead.since desc, dead."inboxId" desc, dead."objectId"
    limit ${limit}`;
  return { letters: rows.map(asLetter), count: rows[0]?.count ?? 0 };
}

function asLetter({
  account,
  objectId,
  since,
  reason,
  inboxId,
  eventId,
  type,
  source,
  accountId,
  kind,
}: Row): DeadLetter {
  const shared = { account, objectId, since, reason };
  return inboxId === null
    ? { ...shared, of: "question", name: { accountId, kind, objectId: objectId ?? "" } }
    : { ...shared, of: "event", inboxId, eventId, type, by: source };
}
