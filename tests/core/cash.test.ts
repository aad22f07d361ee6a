import { describe, expect, it } from "vitest";
import { readCash, readCashAmount } from "../../src/core/cash.ts";

const typed = { fund: "families", amount: "50", day: "2021-03-04" };

describe("a gift by hand, as it was typed", () => {
  it("is understood, its address normalised and what was not stated null", () => {
    expect(readCash({ ...typed, email: " Leyla@Example.org " })).toEqual({
      ok: true,
      value: { ...typed, organisation: null, email: "leyla@example.org", name: null, person: null, note: null },
    });
    expect(readCash({ ...typed, person: "12" })).toMatchObject({ ok: true, value: { person: 12n } });
  });

  it.each([
    [{ ...typed, day: "4 March 2021" }, "--day must be a day such as 2021-03-04"],
    [{ ...typed, fund: " " }, "--fund must not be empty"],
    [{ ...typed, person: "-1" }, "--person must be a person's number"],
    [{ ...typed, note: "x".repeat(141) }, "--note must be at most 140 characters"],
    [{ ...typed, email: "leyla" }, "--email must be an e-mail address"],
    [{ ...typed, email: "a@example.org", name: "A" }, "take only one of --email, --name and --person"],
    [{ fund: "families", amount: "50" }, "--day is missing"],
  ])("is refused in one line that names the field: %o", (given, problem) => {
    expect(readCash(given)).toEqual({ ok: false, problem });
  });
});

describe("an amount by hand", () => {
  it.each([
    ["50", "CAD", 5000n],
    ["1,000.50", "CAD", 100_050n],
    ["$25", "CAD", 2500n],
    ["500", "JPY", 500n],
    ["1.25", "KWD", 1250n],
  ])("%s in %s is understood", (amount, currency, amountMinor) => {
    expect(readCashAmount(amount, currency)).toEqual({ ok: true, value: amountMinor });
  });

  it.each([
    ["0.00", "CAD"],
    ["50.555", "CAD"],
    ["1.250", "KWD"],
    ["1.5", "JPY"],
    ["-5", "CAD"],
    ["5.1234", "CAD"],
    ["fifty", "CAD"],
  ])("%s in %s is refused", (amount, currency) => {
    expect(readCashAmount(amount, currency)).toMatchObject({ ok: false });
  });
});
