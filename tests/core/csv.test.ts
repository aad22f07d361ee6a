import { describe, expect, test } from "vitest";
import { csvAmount, csvText } from "../../src/core/csv.ts";

describe("a stranger's text in a file for spreadsheets", () => {
  test.each([
    '=HYPERLINK("http://evil.example")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    "＠SUM(A1)",
  ])("is no formula: %j", (text) => {
    expect(csvText(text)).toMatch(/^'/u);
  });

  test.each(["Leyla", "Əliyeva, Günel", "a=b", "O'Brien", "12 Main St"])("stays as it is: %s", (text) => {
    expect(csvText(text)).toBe(text);
  });

  test("stays one line, and nothing is nothing", () => {
    expect([csvText("a\r\nb\u2028c\0d"), csvText(null)]).toEqual(["a b c d", ""]);
  });
});

test.each([
  [123_450n, "CAD", "1234.50"],
  [-5n, "CAD", "-0.05"],
  [0n, "CAD", "0.00"],
  [500n, "JPY", "500"],
  [1_234n, "KWD", "1.234"],
  [null, "CAD", ""],
])("an amount of %s %s is the plain number %s", (amountMinor, currency, text) => {
  expect(csvAmount({ amountMinor, currency })).toBe(text);
});
