import type { Sql } from "./connect.ts";

/** What is known of a step of the demo's story: the session it is paid in, if any, and whether it is done. */
export type StoryStep = { key: string; sessionId: string | null; isPlayed: boolean };

/** Every step that was begun. */
export async function listStorySteps(sql: Sql): Promise<StoryStep[]> {
  return await sql<StoryStep[]>`
    select key, session_id as "sessionId", played_at is not null as "isPlayed" from story_step`;
}

/** Notes the sessions in which steps are about to be paid. */
export async function noteStorySessions(sql: Sql, steps: { key: string; session_id: string }[]): Promise<void> {
  await sql`
    insert into story_step (key, session_id)
    select key, session_id from jsonb_to_recordset(${sql.json(steps)}) as s (key text, session_id text)
    on conflict (key) do nothing`;
}

/** Notes that steps are done. */
export async function noteStoryPlayed(sql: Sql, keys: string[]): Promise<void> {
  await sql`
    insert into story_step (key, played_at)
    select key, now() from jsonb_array_elements_text(${sql.json(keys)}) as s (key)
    on conflict (key) do update set played_at = excluded.played_at`;
}

/** What is still on its way from the sandbox to the totals; all zero when everything is booked. */
export type StoryRest = { unsettled: number; undelivered: number; unbooked: number; unfetched: number };

export async function readStoryRest(sql: Sql): Promise<StoryRest> {
  const [rest] = await sql<StoryRest[]>`
    select
      (select count(*)::int from sandbox_task where kind = 'settle') as unsettled,
      (select count(*)::int from sandbox_task where kind = 'deliver') as undelivered,
      (select count(*)::int from ticket where dead_at is null)
        + (select count(*)::int from dirty_payment) + (select count(*)::int from payment where state = 'arriving') as unbooked,
      (select count(*)::int from fetch_need) as unfetched`;
  if (rest === undefined) throw new Error("a select without from answers one row");
  return rest;
}
