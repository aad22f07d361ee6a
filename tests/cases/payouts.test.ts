import { afterEach, beforeEach, expect, test } from "vitest";
import { proofState } from "../../src/core/proof.ts";
import { readProofs, readStripeLines } from "../../src/db/book.ts";
import { correctGifts } from "../../src/db/correction.ts";
import { openPayout } from "../../src/db/payout.ts";
import { swept } from "../flow/books.ts";
import { hand } from "../flow/hand.ts";
import { openHouse, type House } from "../flow/house.ts";
import { sweep } from "../flow/sweeper.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect([...(await house.sql`select * from audit()`)]).toEqual([]);
  await house.close();
});

const firstOrganisation = 1n;

/** Everything that stands in March: entries with their hashes, lines and sums, and what was written down at its close. */
async function march(): Promise<unknown> {
  const { sql } = house;
  return [
    [...(await sql`select * from journal_entry where entered_on <= '2021-03-31' order by id`)],
    [
      ...(await sql`
        select l.* from journal_line l join journal_entry e on e.id = l.entry_id
        where e.entered_on <= '2021-03-31' order by l.entry_id, l.line_number`),
    ],
    [...(await sql`select currency, code, moved_minor from trial_balance(1, null, false, '2021-03-01', '2021-03-31')`)],
    [...(await sql`select to_jsonb(s) as sum from period_sum s order by 1`)],
  ];
}

const isProved = async (): Promise<unknown> => {
  const proof = proofState(
    await readProofs(house.sql, firstOrganisation),
    await readStripeLines(house.sql, firstOrganisation),
    new Date(),
  );
  return proof.checks.flatMap(({ wrong }) => wrong);
};

test("[67] a payout of a closed month stays as it was paid when a gift in it is corrected later: the difference is in the next month", async () => {
  const { sql, sandbox } = house;
  const donor = { email: "nigar@example.org", show: "nothing" };
  await house.payFor("/funds/general/give", { ...donor, amount: "5000" });
  await house.payFor("/funds/families/give", { ...donor, amount: "2500" });
  await sandbox.advance(4 * 86_400);
  await swept(house);
  const payout = (await sandbox.payOut("first"))?.id ?? "";
  await sandbox.advance(3 * 86_400);
  await swept(house);
  const opened = await openPayout(sql, firstOrganisation, payout);
  expect(opened?.kinds.map(({ kind, count }) => [kind, count])).toEqual([["gift", 2]]);
  await sql`select close_month(1, '2021-03-01', 'the treasurer')`;
  const closed = await march();

  const gifts = await sql<{ payment: bigint; part: string }[]>`
    select payment_id as payment, part from gift where amount_minor = 5000`;
  await correctGifts(sql, { request: crypto.randomUUID(), gifts, fund: "quiet", reason: "She wrote to us." }, hand);
  // All of it is compared once more, what was in the payout included.
  await sql`update sweep_state set swept_to = null, look_back_at = now()`;
  await sql`delete from stripe_fetched where what = 'payout_members'`;
  expect((await sweep(house)).map(({ differences, error }) => [differences, error])).toEqual([
    [0, null],
    [0, null],
  ]);

  expect(await march()).toEqual(closed);
  const again = await openPayout(sql, firstOrganisation, payout);
  expect(again).toMatchObject({
    amountMinor: opened?.amountMinor,
    kinds: opened?.kinds,
    membersKnown: true,
    unknownMembers: 0,
  });
  const after = await sql<{ code: string; fund: string | null; minor: bigint }[]>`
    select l.code, f.slug::text as fund, sum(l.amount_minor)::bigint as minor
    from journal_entry e join journal_line l on l.entry_id = e.id left join fund f on f.id = l.fund_id
    where e.entered_on = '2021-04-01' group by 1, 2 having sum(l.amount_minor) <> 0 order by 1, 2`;
  expect([...after]).toEqual([
    { code: "1105", fund: "general", minor: -4_825n },
    { code: "1105", fund: "quiet", minor: 4_825n },
    { code: "4000", fund: "general", minor: 5_000n },
    { code: "4000", fund: "quiet", minor: -5_000n },
    { code: "5000", fund: "general", minor: -175n },
    { code: "5000", fund: "quiet", minor: 175n },
  ]);
  expect(await isProved()).toEqual([]);
});
