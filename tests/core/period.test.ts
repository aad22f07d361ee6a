import { describe, expect, it } from "vitest";
import { isDay, localDay, readPeriod } from "../../src/core/period.ts";

describe("the period in an address", () => {
  it("is all time when nothing is asked, and may be open at either end", () => {
    expect(readPeriod({})).toEqual({ ok: true, period: { from: null, to: null } });
    expect(readPeriod({ from: "2020-10-01", to: "" })).toEqual({ ok: true, period: { from: "2020-10-01", to: null } });
    expect(readPeriod({ to: " 2023-08-31 " })).toEqual({ ok: true, period: { from: null, to: "2023-08-31" } });
  });

  it.each([
    [{ from: "2021-02-29" }, "not a day"],
    [{ to: "yesterday" }, "not a day"],
    [{ from: "2022-01-02", to: "2022-01-01" }, "ends before it starts"],
  ])("%o is refused by name", (query, reason) => {
    expect(readPeriod(query)).toMatchObject({ ok: false, refusal: { reason } });
  });
});

describe("days", () => {
  it("knows leap days and refuses days that do not exist", () => {
    expect(isDay("2024-02-29")).toBe(true);
    expect(["2023-02-29", "2023-13-01", "1899-01-01", "2023-1-1"].map((day) => isDay(day))).toEqual([
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
