import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MoneyMove } from "../../src/core/money-move.ts";
import { recordMove, recordVoid } from "../../src/db/money-move.ts";
import { hand, openHand, type Hand } from "./hand.ts";

let at: Hand;
beforeEach(async () => {
  at = await openHand();
});
afterEach(async () => {
  await at.close();
});

const base = { organisation: "first", day: "2021-03-12", note: "", currency: null };
const transfer = (more: Partial<Extract<MoneyMove, { kind: "transfer" }>> = {}): MoneyMove => ({
  ...base,
  kind: "transfer",
  request: "t1",
  from: "families",
  to: "quiet",
  amountMinor: 3000n,
  ...more,
});

describe("a transfer between funds", () => {
  test("moves money and no donors", async () => {
    await at.cash("families", 10_000n);
    const before = await at.people();
    expect(await recordMove(at.sql, transfer(), hand)).toMatchObject({ ok: true, isNew: true });
    expect(await at.books()).toEqual([
      "1000 families -30.00",
      "1000 quiet 30.00",
      "1050 families 100.00",
      "3900 families 30.00",
      "3900 quiet -30.00",
      "4000 families -100.00",
    ]);
    expect(await at.people()).toEqual(before);
    expect(await at.changes()).toEqual(["recorded money move move_1 first"]);
  });

  test("is recorded once, however often the form is sent", async () => {
    await at.cash("families", 10_000n);
    const first = await recordMove(at.sql, transfer(), hand);
    expect(await recordMove(at.sql, transfer(), hand)).toEqual({ ...first, isNew: false });
    expect(await at.entries()).toBe(2);
  });

  test("out of a restricted fund needs a reason", async () => {
    await at.cash("families", 10_000n);
    await at.restrict("families");
    expect(await at.refusal(transfer())).toBe("fund families is restricted: a transfer out of it needs a reason");
    expect(await recordMove(at.sql, transfer({ note: "The board decided on 3 March." }), hand)).toMatchObject({
      ok: true,
    });
  });

  test("leaves no restricted fund below zero, not even for a day", async () => {
    await at.cash("families", 10_000n, "2021-03-10");
    await at.restrict("families");
    const note = "As agreed.";
    expect(await at.refusal(transfer({ amountMinor: 10_001n, note }))).toBe(
      "fund families is restricted and would be left 0.01 CAD short",
    );
    expect(await at.refusal(transfer({ day: "2021-03-09", note }))).toBe(
      "fund families is restricted and would be left 30.00 CAD short",
    );
    expect(await at.books()).toEqual(["1050 families 100.00", "4000 families -100.00"]);
    expect(await recordMove(at.sql, transfer({ amountMinor: 10_000n, note }), hand)).toMatchObject({ ok: true });
  });

  test("that names nothing or nonsense is refused in words", async () => {
    for (const [more, refusal] of [
      [{ to: "families" }, "a transfer goes to another fund"],
      [{ to: "youth" }, "fund youth is not one of organisation first"],
      [{ to: "nowhere" }, "there is no fund nowhere"],
      [{ organisation: "third" }, "there is no organisation third"],
      [{ amountMinor: 0n }, "an amount is above zero"],
      [{ day: "2999-01-01" }, "the day 2999-01-01 is still to come"],
    ] as const)
      expect(await at.refusal(transfer(more))).toBe(refusal);
  });

  test("is not dated into a closed month, nor before the books begin", async () => {
    await at.cash("families", 10_000n, "2021-02-10");
    await at.sql`select close_month((select id from organisation where slug = 'first'), '2021-02-01', 'a test')`;
    expect(await at.refusal(transfer({ day: "2021-02-11" }))).toBe(
      "February 2021 of first is closed: choose a day from 2021-03-01 on",
    );
    await at.sql`update organisation set books_begin_on = '2021-03-20' where slug = 'first'`;
    expect(await at.refusal(transfer())).toBe(
      "the books of first begin on 2021-03-20: what was before is in its opening balances",
    );
    await at.sql`update organisation set books_begin_on = null where slug = 'first'`;
  });
});

describe("a share for administration", () => {
  const share: MoneyMove = {
    ...base,
    kind: "administration share",
    request: "s1",
    fund: "families",
    amountMinor: 500n,
    rateBp: 500n,
    note: "5% of every gift pays for the work, as the page says.",
  };

  test("goes to the general fund and keeps its rate and its wording", async () => {
    await at.cash("families", 10_000n);
    expect(await recordMove(at.sql, share, hand)).toMatchObject({ ok: true });
    expect(await at.books()).toContain("1000 general 5.00");
    expect([...(await at.sql`select rate_bp, note from money_move`)]).toEqual([{ rate_bp: 500n, note: share.note }]);
  });

  test("that donors were not told of is refused", async () => {
    expect(await at.refusal({ ...share, note: " " })).toBe(
      "a share for administration is taken only as donors were told: write down in which words",
    );
    expect(await at.refusal({ ...share, fund: "general" })).toMatch(/^a share goes to the general fund/u);
  });
});

describe("a payment to a beneficiary", () => {
  const paid: Extract<MoneyMove, { kind: "disbursement" }> = {
    ...base,
    kind: "disbursement",
    request: "d1",
    fund: "families",
    amountMinor: 4000n,
    payeeKind: "person or family",
    payee: "The M. family",
    purpose: "Rent for March",
    evidence: null,
  };

  test("goes out of the bank, to an account by whom it was paid to", async () => {
    await at.cash("families", 10_000n);
    for (const payeeKind of ["person or family", "qualified donee", "other"] as const)
      await recordMove(at.sql, { ...paid, request: payeeKind, payeeKind }, hand);
    expect(await at.books()).toEqual([
      "1000 families -120.00",
      "1050 families 100.00",
      "4000 families -100.00",
      "6000 families 40.00",
      "6010 families 40.00",
      "6020 families 40.00",
    ]);
  });

  test("says who was paid and what for, and the trail does not name them", async () => {
    expect(await at.refusal({ ...paid, payee: " " })).toBe(
      "a payment to a beneficiary names who was paid, and what for",
    );
    expect(await at.refusal({ ...paid, purpose: "" })).toBe(
      "a payment to a beneficiary names who was paid, and what for",
    );
    await recordMove(at.sql, paid, hand);
    const [{ trail } = { trail: "" }] = await at.sql<
      { trail: string }[]
    >`select string_agg(c::text, ' ') as trail from change c`;
    expect(trail).toContain("move_1");
    expect(trail).not.toContain("M. family");
  });

  test("leaves no restricted fund below zero", async () => {
    await at.cash("families", 1000n);
    await at.restrict("families");
    expect(await at.refusal(paid)).toBe("fund families is restricted and would be left 30.00 CAD short");
  });

  test("keeps its paper", async () => {
    const bytes = new Uint8Array(Buffer.from("%PDF-1.7 a receipt"));
    const evidence = { id: "ab".repeat(16), type: "application/pdf", name: "receipt.pdf", bytes } as const;
    expect(await recordMove(at.sql, { ...paid, evidence }, hand)).toMatchObject({ ok: true });
    const [kept] = await at.sql<{ name: string; bytes: Uint8Array }[]>`
      select e.name, e.bytes from money_move m join evidence e on e.id = m.evidence`;
    expect(kept?.name).toBe("receipt.pdf");
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe("%PDF-1.7 a receipt");
  });
});

describe("an expense", () => {
  const expense: Extract<MoneyMove, { kind: "expense" }> = {
    ...base,
    kind: "expense",
    request: "e1",
    fund: "general",
    amountMinor: 1200n,
    tag: "management",
    code: null,
    payee: "The printer",
    purpose: "Letterheads",
    owed: false,
    evidence: null,
  };

  test("is in the account of its function unless another is named", async () => {
    for (const tag of ["charitable", "management", "fundraising"] as const)
      await recordMove(at.sql, { ...expense, request: tag, tag }, hand);
    expect(await at.books()).toEqual([
      "1000 general -36.00",
      "6000 general 12.00",
      "6900 general 12.00",
      "6910 general 12.00",
    ]);
  });

  test("that is owed is paid later, and no more than is owed", async () => {
    await recordMove(at.sql, { ...expense, owed: true, code: "5300" }, hand);
    expect(await at.books()).toEqual(["2000 general -12.00", "5300 general 12.00"]);
    const pay: MoneyMove = {
      ...base,
      kind: "payable paid",
      request: "p1",
      fund: "general",
      amountMinor: 1300n,
      payee: "",
    };
    expect(await at.refusal(pay)).toBe("fund general owes only 12.00 CAD");
    await recordMove(at.sql, { ...pay, amountMinor: 1200n }, hand);
    expect(await at.books()).toEqual(["1000 general -12.00", "5300 general 12.00"]);
  });

  test("is in no account that gifts, sales and Stripe keep", async () => {
    expect(await at.refusal({ ...expense, code: "5000" })).toBe("account 5000 takes no expense by hand");
    expect(await at.refusal({ ...expense, payee: "" })).toBe("an expense names who was paid, and what for");
  });
});

describe("cash on its way to the bank", () => {
  test("is deposited by fund, never more than there is", async () => {
    await at.cash("families", 5000n);
    await at.cash("quiet", 2500n);
    const deposit = (families: bigint): MoneyMove => ({
      ...base,
      kind: "deposit",
      request: "b1",
      funds: [
        { fund: "families", amountMinor: families },
        { fund: "quiet", amountMinor: 2500n },
      ],
    });
    expect(await at.refusal(deposit(5001n))).toBe("of fund families only 50.00 CAD has not been deposited yet");
    expect(await at.refusal({ ...deposit(1n), day: "2021-03-09" })).toBe(
      "of fund families only 0.00 CAD has not been deposited yet",
    );
    await recordMove(at.sql, deposit(5000n), hand);
    expect(await at.books()).toEqual([
      "1000 families 50.00",
      "1000 quiet 25.00",
      "4000 families -50.00",
      "4000 quiet -25.00",
    ]);
  });

  test("counted more or less is the general fund's, and said how it was found", async () => {
    const counted: MoneyMove = {
      ...base,
      kind: "cash difference",
      request: "c1",
      fund: null,
      amountMinor: -250n,
      note: "",
    };
    expect(await at.refusal(counted)).toBe("say how the difference was found");
    await recordMove(at.sql, { ...counted, note: "Counted twice." }, hand);
    expect(await at.books()).toEqual(["1050 general -2.50", "5320 general 2.50"]);
  });
});

describe("the partners of a joint fund", () => {
  const payment: Extract<MoneyMove, { kind: "partner payment" }> = {
    ...base,
    kind: "partner payment",
    request: "j1",
    partner: "second",
    fund: "families",
    amountMinor: 4000n,
    purpose: "Their share of the relief",
    paysOver: false,
  };
  const collected: MoneyMove = {
    ...base,
    kind: "collected for partner",
    request: "a1",
    partner: "second",
    fund: "families",
    amountMinor: 2500n,
    note: "Agreement of 2020",
  };

  test("pay each other in one move, which is entered in the books of both", async () => {
    await at.sql`update organisation set registration_number = '12345' where slug = 'second'`;
    await recordMove(at.sql, payment, hand);
    expect(await at.books("first")).toEqual(["1000 families -40.00", "6010 families 40.00"]);
    expect(await at.books("second")).toEqual(["1000 families 40.00", "4400 families -40.00"]);
    await recordVoid(at.sql, { request: "v1", move: 2n, note: "Sent twice." }, hand);
    expect(await at.books("first")).toEqual([]);
    expect(await at.books("second")).toEqual([]);
  });

  test("a gift from a registered charity is so called by whoever takes it", async () => {
    await at.sql`update organisation set registration_number = '12345' where slug = 'first'`;
    await recordMove(at.sql, payment, hand);
    expect(await at.books("first")).toEqual(["1000 families -40.00", "6020 families 40.00"]);
    expect(await at.books("second")).toEqual(["1000 families 40.00", "4020 families -40.00"]);
  });

  test("what one collected for the other is held, owed, and paid over", async () => {
    await recordMove(at.sql, collected, hand);
    expect(await at.books("first")).toEqual(["1000 families 25.00", "2300 families -25.00"]);
    expect(await at.owed()).toEqual(["first owes second 25.00 of families"]);
    expect(await at.refusal({ ...payment, paysOver: true })).toBe("only 25.00 CAD of fund families is held for second");
    await recordMove(at.sql, { ...payment, amountMinor: 1000n, paysOver: true }, hand);
    expect(await at.books("first")).toEqual(["1000 families 15.00", "2300 families -15.00"]);
    expect(await at.books("second")).toEqual(["1000 families 10.00", "4400 families -10.00"]);
    expect(await at.owed()).toEqual(["first owes second 15.00 of families"]);
  });

  test("have only their joint funds in common", async () => {
    expect(await at.refusal({ ...payment, fund: "quiet" })).toBe("fund quiet is not a joint fund of first and second");
    expect(await at.refusal({ ...payment, partner: "first" })).toBe("choose another organisation");
    expect(await at.refusal({ ...payment, purpose: "" })).toBe("a payment to a partner names what for");
  });
});

describe("a move", () => {
  test("is voided once, with a reason, and stands at nothing", async () => {
    await recordMove(at.sql, transfer(), hand);
    const out = await recordVoid(at.sql, { request: "v0", move: 1n, note: "" }, hand);
    expect(out).toEqual({ ok: false, refusal: "say why it is voided" });
    await recordVoid(at.sql, { request: "v1", move: 1n, note: "Wrong fund." }, hand);
    expect(await at.books()).toEqual([]);
    expect(await recordVoid(at.sql, { request: "v2", move: 1n, note: "Again." }, hand)).toEqual({
      ok: false,
      refusal: "move_1 is voided already",
    });
    expect(await recordVoid(at.sql, { request: "v3", move: 3n, note: "Back." }, hand)).toMatchObject({ ok: false });
    expect(await at.corrections()).toEqual(["move_1 2"]);
  });

  test("of a closed month is taken back in the first open one", async () => {
    await recordMove(at.sql, transfer({ day: "2021-02-10" }), hand);
    await at.cash("families", 100n, "2021-02-11");
    await at.sql`select close_month((select id from organisation where slug = 'first'), '2021-02-01', 'a test')`;
    await recordVoid(at.sql, { request: "v1", move: 1n, note: "Wrong fund." }, hand);
    expect([
      ...(await at.sql`select entered_on from journal_entry where source_id = 'move_1' order by number`),
    ]).toEqual([{ entered_on: "2021-02-10" }, { entered_on: "2021-03-01" }]);
  });

  test("that brought money which was spent since is not voided out of a restricted fund", async () => {
    await at.cash("general", 10_000n);
    await recordMove(at.sql, transfer({ from: "general", to: "families", amountMinor: 5000n }), hand);
    await recordMove(at.sql, transfer({ request: "t2", amountMinor: 4000n }), hand);
    await at.restrict("families");
    expect(await recordVoid(at.sql, { request: "v1", move: 1n, note: "Oops." }, hand)).toEqual({
      ok: false,
      refusal: "fund families is restricted and would be left 40.00 CAD short",
    });
  });

  test("is never changed, by anybody", async () => {
    await recordMove(at.sql, transfer(), hand);
    await expect(at.sql`update money_move set note = 'x'`).rejects.toThrow(/permission denied/u);
    await expect(at.sql`delete from money_move_line`).rejects.toThrow(/permission denied/u);
    for (const statement of ["update money_move set note = 'x'", "delete from money_move_line"])
      await expect(at.asOwner(statement)).rejects.toThrow(/a move of money is never changed/u);
    await expect(
      at.sql`insert into money_move_line (move_id, line_number, code, fund_id, currency, amount_minor)
        values (1, 9, '1000', 1, 'CAD', 5)`,
    ).rejects.toThrow(/written at once/u);
  });
});

describe("a gift by hand that was voided", () => {
  test("was never given: no money, no gift, no donor", async () => {
    await at.cash("families", 5000n);
    const [before] = await at.people();
    expect(before).toBe("families 50.00 1 gifts 1 donors");
    await recordVoid(at.sql, { request: "v1", payment: "cash_1", note: "The cheque was not signed." }, hand);
    expect(await at.people()).toEqual(["families 0.00 0 gifts 0 donors"]);
    expect(await at.books()).toEqual([]);
    expect(await recordVoid(at.sql, { request: "v2", payment: "cash_1", note: "Again." }, hand)).toEqual({
      ok: false,
      refusal: "cash_1 is voided already",
    });
    expect(await recordVoid(at.sql, { request: "v3", payment: "pi_1", note: "No." }, hand)).toEqual({
      ok: false,
      refusal: "there is nothing of that number to void",
    });
  });
});
