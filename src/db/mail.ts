import type { MailQueue, NewMail } from "../core/mail.ts";
import type { Sql } from "./connect.ts";

/** A mail that this process has leased. `queuedAt` and `id` together name it for ever. */
export type MailToSend = {
  id: bigint;
  recipient: string;
  subject: string;
  body: string;
  tries: number;
  queuedAt: Date;
};

const leaseSeconds = 120;

/** Puts mails into the queue; those whose key is known already are left as they are. Answers how many are new. */
export async function queueMail(sql: Sql, mails: readonly NewMail[]): Promise<number> {
  const [row] = await sql<{ queued: number }[]>`select queue_mail(${sql.json(mails)})::int as queued`;
  return row?.queued ?? 0;
}

/** Leases the mail that is longest due to `owner`; null when none is. */
export async function claimMail(sql: Sql, owner: string): Promise<MailToSend | null> {
  const [mail] = await sql<MailToSend[]>`
    with due as materialized (
      select id from mail
      where sent_at is null and given_up_at is null and next_at <= now() and (lease_until is null or lease_until < now())
      order by next_at, id
      limit 1
      for update skip locked
    )
    update mail m set lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${leaseSeconds})
    from due where m.id = due.id
    returning m.id, m.recipient, m.subject, m.body, m.tries::int as tries, m.queued_at as "queuedAt"`;
  return mail ?? null;
}

/** Notes that a mail was handed over. */
export async function noteSent(sql: Sql, owner: string, id: bigint): Promise<void> {
  await sql`
    update mail set sent_at = now(), error = null, lease_owner = null, lease_until = null
    where id = ${id} and lease_owner = ${owner}`;
}

/** Puts a mail off for about `seconds`; a try counts only where the server looked at the mail itself. */
export async function postponeMail(
  sql: Sql,
  owner: string,
  id: bigint,
  { seconds, error, counts }: { seconds: number; error: string; counts: boolean },
): Promise<void> {
  await sql`
    update mail set
      next_at = now() + make_interval(secs => ${seconds}) * (1 + random() / 4), error = ${error},
      tries = tries + ${counts ? 1 : 0}::int, lease_owner = null, lease_until = null
    where id = ${id} and lease_owner = ${owner}`;
}

/** Gives a mail up, until a person has it tried again. */
export async function giveUpMail(sql: Sql, owner: string, id: bigint, error: string): Promise<void> {
  await sql`
    update mail set given_up_at = now(), error = ${error}, tries = tries + 1, lease_owner = null, lease_until = null
    where id = ${id} and lease_owner = ${owner}`;
}

/** Ends every lease: called once at the start, when no process that held one is alive any more. */
export async function releaseMails(sql: Sql): Promise<void> {
  await sql`update mail set lease_owner = null, lease_until = null where lease_owner is not null`;
}

/** Has mails that were given up tried again; returns how many there were. */
export async function replayMails(sql: Sql): Promise<number> {
  const rows = await sql`
    update mail set given_up_at = null, tries = 0, error = null, next_at = now() where given_up_at is not null returning id`;
  return rows.length;
}

/** How many mails wait, since when the oldest, and how many were given up. */
export async function readMailQueue(sql: Sql): Promise<MailQueue> {
  const [row] = await sql<MailQueue[]>`
    select (count(*) filter (where given_up_at is null))::int as waiting, min(queued_at) filter (where given_up_at is null) as oldest,
      (count(*) filter (where given_up_at is not null))::int as "givenUp"
    from mail where sent_at is null`;
  return row ?? { waiting: 0, oldest: null, givenUp: 0 };
}
