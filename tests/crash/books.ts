import { expect } from "vitest";
import { runAudit } from "../../src/db/audit.ts";
import { waitUntil, withOwner, type Place } from "./almonry.ts";
import type { Sender } from "./sender.ts";

/** What was found in the database, against what was acknowledged. */
export type Proof = { acknowledged: number; lost: number; doubled: number };

/** How many of these events are not in the inbox, or there more than once. */
export async function compareInbox(place: Place, acknowledged: Iterable<string>): Promise<Proof> {
  const rows = await withOwner(
    place,
    async (sql) =>
      await sql<{ event: string; rows: number }[]>`
      select event_id as event, count(*)::int as rows from inbox group by event_id`,
  );
  const found = new Map(rows.map(({ event, rows: times }) => [event, times]));
  const events = [...acknowledged];
  return {
    acknowledged: events.length,
    lost: events.filter((event) => !found.has(event)).length,
    doubled: rows.filter(({ rows: times }) => times > 1).length,
  };
}

/**
 * Once the sender has finished: everything acknowledged is in the inbox once and booked once, nothing else is, the audit
 * is silent, and the public number is the sum of what was acknowledged.
 */
export async function expectAllBooked(place: Place, { acknowledged }: Sender): Promise<Proof> {
  await waitUntil(
    "everything is booked",
    async () => (await withOwner(place, async (sql) => await sql`select from ticket limit 1`)).length === 0,
  );
  const proof = await compareInbox(place, acknowledged.keys());
  const cents = [...acknowledged.values()].reduce((sum, each) => sum + each, 0);
  const booked = await withOwner(
    place,
    async (sql) =>
      await sql`
      select count(*)::int as gifts, count(distinct payment_id)::int as payments, sum(amount_minor)::bigint as cents,
        (select count(*)::int from inbox) as events, (select count(*)::int from stripe_charge) as charges
      from gift`,
  );
  const many = acknowledged.size;
  expect(booked).toEqual([{ gifts: many, payments: many, cents: BigInt(cents), events: many, charges: many }]);
  expect(await withOwner(place, runAudit)).toEqual([]);
  const answer = await fetch(`${place.url}/api/totals`);
  expect(await answer.json()).toMatchObject({ unassigned: { gifts: many, givenMinor: cents } });
  expect(proof).toEqual({ acknowledged: many, lost: 0, doubled: 0 });
  return proof;
}
