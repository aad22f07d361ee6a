import { describe, expect, it } from "vitest";
import type { Fields } from "../../src/core/give.ts";
import { readGive } from "../../src/core/give.ts";
import type { Fund } from "../../src/core/fund.ts";

const fund: Fund = {
  slug: "families",
  name: "Families",
  description: "",
  public: true,
  currency: "CAD",
  organisations: [],
  bearsFees: false,
  presetsMinor: [2500n, 5000n],
  account: "main",
  firstGiftOn: null,
  remark: null,
  restriction: "",
  goalMinor: null,
  lasting: true,
  picture: null,
};
const fresh = "alm_0123456789abcdef0123";
const give = (fields: Fields, of = fund) => readGive(fields, of, fresh);
const reasons = (fields: Fields, of = fund) => {
  const { submitted } = give(fields, of);
  return submitted.ok ? [] : submitted.refusals.map(({ field, reason }) => `${field}: ${reason}`);
};

describe("the give form", () => {
  it("makes an order of a preset, a name shown and a note", () => {
    const order = "alm_zzzzzzzzzzzzzzzz0000";
    expect(
      give({ amount: "5000", other: "", email: " Ann@Example.org ", show: "name", note: "For  Aysel", order })
        .submitted,
    ).toEqual({
      ok: true,
      order: {
        id: order,
        currency: "CAD",
        account: "main",
        shippingMinor: null,
        email: "ann@example.org",
        show: "name",
        note: "For  Aysel",
        every: "once",
        backPath: "/funds/families",
        lines: [{ kind: "gift", fund: { slug: "families", name: "Families" }, amountMinor: 5000n }],
      },
    });
  });

  it.each([
    [{ amount: "other", other: "1,000.50" }, 100050n],
    [{ amount: "", other: "20" }, 2000n],
    [{ amount: "other", other: "1" }, 100n],
    [{ amount: "other", other: "100,000.00" }, 10_000_000n],
    [{ amount: "2500", other: "20" }, 2000n],
  ])("takes %o", (fields, amountMinor) => {
    expect(give(fields).submitted).toMatchObject({ ok: true, order: { lines: [{ amountMinor }] } });
  });

  it.each([
    [{}, "amount: no amount"],
    [{ every: "week", amount: "2500" }, "every: not how often"],
    [{ amount: "other", other: "" }, "other: no amount"],
    [{ amount: "3333", other: "" }, "amount: no amount"],
    [{ amount: "other", other: "lots" }, "other: not an amount"],
    [{ amount: "other", other: "-5" }, "other: not an amount"],
    [{ amount: "other", other: "5.0051" }, "other: too many decimals"],
    [{ amount: "other", other: "0.99" }, "other: amount too small"],
    [{ amount: "other", other: "100000.01" }, "other: amount too large"],
    [{ amount: "2500", email: "ann" }, "email: not an e-mail address"],
    [{ amount: "2500", email: "a@b" }, "email: not an e-mail address"],
    [{ amount: "2500", note: "x".repeat(141) }, "note: note too long"],
  ])("refuses %o: %s", (fields, refusal) => {
    expect(reasons(fields)).toEqual([refusal]);
  });

  it("names everything that is wrong at once and keeps what was typed", () => {
    const fields = { amount: "other", other: "abc", email: "ann", note: "hello", show: "gift" };
    expect(reasons(fields)).toEqual(["other: not an amount", "email: not an e-mail address"]);
    expect(give(fields).typed).toMatchObject({
      amount: "other",
      other: "abc",
      email: "ann",
      note: "hello",
      show: "gift",
    });
  });

  it.each([
    ["", "once"],
    ["once", "once"],
    ["month", "month"],
    ["year", "year"],
  ])("asked for %o repeats the gift: %s", (every, repeats) => {
    expect(give({ every, amount: "2500" }).submitted).toMatchObject({ ok: true, order: { every: repeats } });
  });

  it("shows nobody who did not choose to be shown", () => {
    expect(give({ amount: "2500", show: "everything" }).submitted).toMatchObject({ order: { show: "nothing" } });
  });

  it("gives a forged or missing order name a new one", () => {
    expect(give({ amount: "2500", order: "1; drop" }).submitted).toMatchObject({ order: { id: fresh } });
    expect(give({ amount: "2500" }).submitted).toMatchObject({ order: { id: fresh } });
  });

  it("takes 140 characters of any script, rare ones too", () => {
    expect(reasons({ amount: "2500", note: "𐤀".repeat(140) })).toEqual([]);
  });

  it("turns line breaks and control characters of a note into spaces", () => {
    expect(give({ amount: "2500", note: "one\r\ntwo\u0000three" }).submitted).toMatchObject({
      order: { note: "one two three" },
    });
  });

  it("is closed for a fund without an account", () => {
    expect(reasons({ amount: "2500" }, { ...fund, account: null })).toEqual(["form: closed"]);
  });
});
