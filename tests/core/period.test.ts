import { describe, expect, it } from "vitest";
import { isDay, localDay, readPeriod } from "../../src/core/period.ts";

const today = "2026-03-15";
const period = (query: Parameters<typeof readPeriod>[0]) => {
  const read = readPeriod(query, today);
  return read.ok ? read.period : read.refusal.reason;
};

describe("the period in an address", () => {
  it("is all time when nothing is asked", () => {
    expect(period({})).toEqual({ from: null, to: null, name: "all" });
    expect(period({ period: "all" })).toEqual({ from: null, to: null, name: "all" });
  });

  it.each([
    ["year", { from: "2026-01-01", to: "2026-12-31" }],
    ["2021", { from: "2021-01-01", to: "2021-12-31" }],
    ["12-months", { from: "2025-04-01", to: "2026-03-15" }],
  ])("%s means whole months that belong together", (name, days) => {
    expect(period({ period: name })).toEqual({ ...days, name });
  });

  it("starts twelve months in December with January", () => {
    expect(readPeriod({ period: "12-months" }, "2026-12-31")).toMatchObject({ period: { from: "2026-01-01" } });
  });

  it("may be open at one end, and chosen days go before a named period", () => {
    expect(period({ from: "2020-10-01" })).toEqual({ from: "2020-10-01", to: null, name: "custom" });
    expect(period({ to: "2023-08-31", period: "2021" })).toEqual({ from: null, to: "2023-08-31", name: "custom" });
  });

  it("is refused by name when it is no period", () => {
    expect(period({ from: "2021-02-29" })).toBe("not a day");
    expect(period({ from: "yesterday" })).toBe("not a day");
    expect(period({ period: "fortnight" })).toBe("not a period");
    expect(period({ from: "2022-01-02", to: "2022-01-01" })).toBe("ends before it starts");
  });
});

describe("days", () => {
  it("knows leap days and refuses days that do not exist", () => {
    expect(isDay("2024-02-29")).toBe(true);
    expect([isDay("2023-02-29"), isDay("2023-13-01"), isDay("1899-01-01"), isDay("2023-1-1")]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("ends at midnight of the organisation, not of the server", () => {
    const moment = new Date("2023-01-01T03:30:00Z");
    expect(localDay(moment, "America/Toronto")).toBe("2022-12-31");
    expect(localDay(moment, "Asia/Baku")).toBe("2023-01-01");
  });
});
