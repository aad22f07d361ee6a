import type { SandboxAnswer, SandboxQuery, SandboxStore, SandboxTask } from "../core/sandbox.ts";
import type { Sql } from "./connect.ts";
import type { Part } from "./statement.ts";

/** Keeps the sandbox's state in its `sandbox_` tables. `Doc` is what the caller knows its objects to be. */
export function sandboxStore<Doc>(sql: Sql): SandboxStore<Doc> {
  return {
    async webhookSecret(account, fresh) {
      // A conflict that updates nothing returns nothing, so the known secret is written over itself.
      const [row] = await sql<{ secret: string }[]>`
        insert into sandbox_account (slug, webhook_secret) values (${account}, ${fresh})
        on conflict (slug) do update set webhook_secret = sandbox_account.webhook_secret
        returning webhook_secret as secret`;
      if (row === undefined) throw new Error("the sandbox's webhook secret was not kept");
      return row.secret;
    },

    async find(account, ids) {
      if (ids.length === 0) return [];
      const rows = await sql<{ doc: Doc }[]>`
        select doc from sandbox_object where id = any(${list(sql, ids)}) and account = ${account}`;
      return rows.map(({ doc }) => doc);
    },

    async owner(id) {
      const [row] = await sql<{ account: string }[]>`select account from sandbox_object where id = ${id}`;
      return row?.account ?? null;
    },

    list: async (query) => await page<Doc>(sql, query),

    async due(kinds, at, limit) {
      return await sql<SandboxTask[]>`
        select account, kind, id, due_at as "dueAt", tries::int as tries from sandbox_task
        where kind = any(${list(sql, kinds)}) and due_at <= ${at}
        order by due_at, id limit ${limit}`;
    },

    async undelivered(account, ids) {
      const rows = await sql<{ id: string }[]>`
        select id from sandbox_task where account = ${account} and kind = 'deliver' and id = any(${list(sql, ids)})`;
      return rows.map(({ id }) => id);
    },

    async answer(account, key, since) {
      const [row] = await sql<SandboxAnswer[]>`
        select account, key, request, body, at from sandbox_answer
        where account = ${account} and key = ${key} and at >= ${since}`;
      return row ?? null;
    },

    async save({ entries, tasks, done, answer }) {
      await sql`
        with finished as (
          delete from sandbox_task t
          using jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as d (account text, kind text, id text)
          where t.account = d.account and t.kind = d.kind and t.id = d.id
        ), planned as (
          insert into sandbox_task (account, kind, id, due_at, tries)
          select account, kind, id, "dueAt", tries
          from jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb)
            as p (account text, kind text, id text, "dueAt" timestamptz, tries int)
          on conflict (account, kind, id) do update set due_at = excluded.due_at, tries = excluded.tries
        ), answered as (
          insert into sandbox_answer (account, key, request, body, at)
          select account, key, request, body, at
          from jsonb_to_recordset(${JSON.stringify(answer === null ? [] : [answer])}::jsonb)
            as a (account text, key text, request text, body text, at timestamptz)
          on conflict (account, key) do update set request = excluded.request, body = excluded.body, at = excluded.at
        )
        insert into sandbox_object (id, account, kind, created, keys, doc)
        select e->>'id', e->>'account', e->>'kind', (e->>'created')::bigint,
          array(select jsonb_array_elements_text(e->'keys')), e->'doc'
        from jsonb_array_elements(${JSON.stringify(entries)}::jsonb) with ordinality as given (e, place)
        order by place
        on conflict (id, account) do update set kind = excluded.kind, keys = excluded.keys, doc = excluded.doc`;
    },

    async forgetAnswers(at) {
      await sql`delete from sandbox_answer where at < ${at}`;
    },
  };
}

async function page<Doc>(sql: Sql, query: SandboxQuery): Promise<Doc[]> {
  const { account, kind, keys, anyOf, undelivered, limit } = query;
  const { gt, gte, lt, lte } = query.created;
  const least = Math.max(gte ?? 0, gt === undefined ? 0 : gt + 1);
  const most = Math.min(lte ?? Number.MAX_SAFE_INTEGER, lt === undefined ? Number.MAX_SAFE_INTEGER : lt - 1);
  const cursor = query.after ?? query.before;
  // Going backwards reads the list from the cursor up, so that the nearest come first, and turns the page over.
  const isBackwards = query.before !== null;
  const isAscending = (query.order === "oldest first") !== isBackwards;
  const beyond = sql`(created, position) ${isAscending ? sql`>` : sql`<`}
    (select created, position from sandbox_object where id = ${cursor} and account = ${account})`;
  const waits = sql`exists (
    select from sandbox_task t where t.account = o.account and t.kind = 'deliver' and t.id = o.id)`;
  const rows = await sql<{ doc: Doc }[]>`
    select doc from sandbox_object o
    where account = ${account} and kind = ${kind} and created between ${least} and ${most}
      ${keys.length === 0 ? sql`` : sql`and keys @> ${list(sql, keys)}`}
      ${anyOf.length === 0 ? sql`` : sql`and keys && ${list(sql, anyOf)}`}
      ${undelivered === null ? sql`` : sql`and ${waits} = ${undelivered}`}
      ${cursor === null ? sql`` : sql`and ${beyond}`}
    ${isAscending ? sql`order by created, position` : sql`order by created desc, position desc`}
    limit ${limit}`;
  const docs = rows.map(({ doc }) => doc);
  return isBackwards ? docs.toReversed() : docs;
}

/** A list of texts as PostgreSQL's own. */
function list(sql: Sql, texts: readonly string[]): Part {
  return sql`array(select jsonb_array_elements_text(${sql.json(texts)}))`;
}
