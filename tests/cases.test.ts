import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");

type Case = { number: number; tests: string[] };

const cases: Case[] = text("tests/cases.md")
  .split("\n")
  .filter((line) => /^\| \d+ \|/u.test(line))
  .map((line) => {
    const cells = line.split(" | ").map((cell) => cell.replace(/^\| | \|$/gu, "").trim());
    const last = cells.at(-1) ?? "";
    return {
      number: Number(cells[0]),
      tests: [...last.matchAll(/`([^`]+)`/gu)].map(([, path = ""]) => path),
    };
  });

/** The numbers in the names of a file's tests and test rows: texts that begin with a number in brackets. */
function numbersIn(path: string): Set<number> {
  return new Set([...text(path).matchAll(/["'`]\[(\d+)\] /gu)].map(([, number]) => Number(number)));
}

test("there are the cases 1 to 68, each once and in order", () => {
  expect(cases.map(({ number }) => number)).toEqual(Array.from({ length: 68 }, (_, index) => index + 1));
});

test("each case names tests that carry its number", () => {
  const missing = cases.flatMap(({ number, tests }) => {
    if (tests.length === 0) return [`case ${number} names no test`];
    return tests
      .filter((path) => !existsSync(new URL(path, root)) || !numbersIn(path).has(number))
      .map((path) => `case ${number} is in no test of ${path}`);
  });
  expect(missing).toEqual([]);
});
