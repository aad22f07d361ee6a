import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Opening } from "../../src/core/opening.ts";
import { beginBooks } from "../../src/db/opening.ts";
import { drainBatch } from "../../src/db/drain.ts";
import { hand, openHand, type Hand } from "./hand.ts";

let at: Hand;
beforeEach(async () => {
  at = await openHand();
});
afterEach(async () => {
  await at.close();
});

const line = { account: null, currency: null };
const opening: Opening = {
  request: "o1",
  organisation: "first",
  day: "2021-03-01",
  lines: [
    { ...line, code: "1000", fund: "general", amountMinor: 50_000n },
    { ...line, code: "1050", fund: "families", amountMinor: 2500n },
    { ...line, code: "1100", fund: "families", account: "first", amountMinor: 10_000n },
  ],
};
const drained = async (): Promise<unknown> => await drainBatch(at.sql, { mode: "sandbox", tickets: [], facts: [] });

describe("books that begin in the middle", () => {
  test("open with what each fund had, at the bank, in hand and at Stripe", async () => {
    expect(await beginBooks(at.sql, opening, hand)).toEqual({ ok: true });
    expect(await beginBooks(at.sql, opening, hand)).toEqual({ ok: true });
    expect(await at.books()).toEqual([
      "1000 general 500.00",
      "1050 families 25.00",
      "1100 families 100.00",
      "3000 families -125.00",
      "3000 general -500.00",
    ]);
    expect([...(await at.sql`select distinct entered_on, source from journal_entry`)]).toEqual([
      { entered_on: "2021-03-01", source: "opening" },
    ]);
    expect(await at.changes()).toEqual(["changed books first first"]);
  });

  test("leave out what was before, whether it was posted already or comes later", async () => {
    await at.cash("families", 1000n, "2021-02-10");
    await at.cash("families", 2000n, "2021-03-10");
    await beginBooks(at.sql, { ...opening, lines: [] }, hand);
    await drained();
    await at.cash("families", 4000n, "2021-02-11");
    expect(await at.books()).toEqual(["1050 families 20.00", "4000 families -20.00"]);
    expect(await at.people()).toEqual(["families 70.00 3 gifts 1 donors"]);
  });

  test("may be stated anew, also for another day, until a month is closed", async () => {
    await at.cash("families", 2000n, "2021-03-10");
    await beginBooks(at.sql, opening, hand);
    const later = { ...opening, request: "o2", day: "2021-03-20", lines: opening.lines.slice(0, 1) };
    expect(await beginBooks(at.sql, later, hand)).toEqual({ ok: true });
    await drained();
    expect(await at.books()).toEqual(["1000 general 500.00", "3000 general -500.00"]);
    await beginBooks(at.sql, { ...opening, request: "o3", lines: [] }, hand);
    await drained();
    expect(await at.books()).toEqual(["1050 families 20.00", "4000 families -20.00"]);
    await at.sql`select close_month(1, '2021-03-01', 'a test')`;
    expect(await beginBooks(at.sql, { ...opening, request: "o4" }, hand)).toEqual({
      ok: false,
      refusal: "a month of first is closed: its opening balances stay as they are",
    });
  });

  test("say which Stripe account, and of which fund", async () => {
    for (const [more, refusal] of [
      [{ day: "2999-01-01" }, "the day 2999-01-01 is still to come"],
      [{ organisation: "third" }, "there is no organisation third"],
      [
        { lines: [{ ...line, code: "1000", fund: "youth", amountMinor: 5n }] },
        "fund youth is not one of organisation first",
      ],
      [
        { lines: [{ ...line, code: "1100", fund: "families", account: "second", amountMinor: 5n }] },
        "a balance at Stripe, and no other, names the account of first where it stands",
      ],
    ] as const)
      expect(await beginBooks(at.sql, { ...opening, ...more }, hand)).toEqual({ ok: false, refusal });
    expect(await at.books()).toEqual([]);
  });
});
