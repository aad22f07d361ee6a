import { expect, it } from "vitest";
import { boardQuery, compareOf, compareWord, placeAddress, readBoardAddress } from "../../src/core/board-address.ts";

const nothing = readBoardAddress({});

it("an address says what is not so anyway, always in one order, and is read as it was written", () => {
  const address = readBoardAddress({
    currency: "USD",
    to: "2026-12-31",
    compare: "previous",
    from: " 2026-01-01 ",
    fund: "families",
    organisation: "",
  });
  expect(address).toEqual({
    ...nothing,
    fund: "families",
    from: "2026-01-01",
    to: "2026-12-31",
    compare: "previous",
    currency: "USD",
  });
  expect(boardQuery(address)).toBe("fund=families&from=2026-01-01&to=2026-12-31&compare=previous&currency=USD");
  expect(readBoardAddress(Object.fromEntries(new URLSearchParams(boardQuery(address))))).toEqual(address);
  expect(boardQuery(nothing)).toBe("");
});

it("what is compared if nothing is said need not be said", () => {
  const year = { ...nothing, from: "2026-01-01", to: "2026-12-31" };
  expect([compareOf(year), compareOf(nothing), compareOf({ ...year, campaign: "pins" })]).toEqual([
    "last year",
    "none",
    "none",
  ]);
  expect(boardQuery({ ...year, compare: "last-year" })).toBe("from=2026-01-01&to=2026-12-31");
  expect(boardQuery({ ...year, compare: "none" })).toBe("from=2026-01-01&to=2026-12-31&compare=none");
  expect(boardQuery({ ...nothing, compare: "none" })).toBe("");
  expect(boardQuery({ ...year, campaign: "pins", compare: "last-year" })).toContain("compare=last-year");
});

it("every comparison has a word that means it again", () => {
  for (const compare of ["none", "previous", "last year", { campaign: "pins" }] as const)
    expect(compareOf({ ...nothing, compare: compareWord(compare) })).toEqual(compare);
});

it("a campaign's slug alone is its address", () => {
  expect(placeAddress({ organisation: "house", fund: "families", campaign: "pins" })).toEqual({
    organisation: null,
    fund: null,
    campaign: "pins",
  });
});

it("no more of a word is read than could be a name", () => {
  expect(readBoardAddress({ fund: "x".repeat(5000) }).fund).toHaveLength(100);
});
