import { expect, test } from "vitest";
import { readMajor } from "../../src/core/payout-file.ts";

test.each([
  ["25.00", "CAD", 2500n],
  ["-0.05", "CAD", -5n],
  ["12.5", "CAD", 1250n],
  ["500", "JPY", 500n],
  ["500.00", "JPY", 500n],
  ["1.234", "KWD", 1234n],
  ["12.345", "CAD", null],
  ["1,234.50", "CAD", null],
  ["1e3", "CAD", null],
  ["", "CAD", null],
])("the amount %j of a file in %s is %s in minor units", (text, currency, minor) => {
  expect(readMajor(text, currency)).toBe(minor);
});
