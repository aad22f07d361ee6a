import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  boardAsked,
  comparedPeriod,
  periodBefore,
  presetPeriods,
  samePoint,
  usualCompare,
  type Compare,
} from "../../src/core/board-period.ts";
import type { Span } from "../../src/core/board.ts";

const day = (offset: number): string => new Date(Date.UTC(2000, 0, 1 + offset)).toISOString().slice(0, 10);
const next = (text: string): string => day(numberOf(text) + 1);
const numberOf = (text: string): number => (Date.parse(text) - Date.UTC(2000, 0, 1)) / 86_400_000;
const daysOf = ({ from, to }: Span): number => numberOf(to) - numberOf(from) + 1;
const monthsOf = ({ from, to }: Span): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1;
/** How long, in months where they are whole, else in days. */
const lengthLike = (model: Span, span: Span): string =>
  isWhole(model) ? `${monthsOf(span)} months` : `${daysOf(span)} days`;
const isWhole = ({ from, to }: Span): boolean => from.endsWith("-01") && next(to).endsWith("-01");

/** Days of forty years, with ten leap days in them. */
const someDay = fc.integer({ min: 0, max: 14_600 }).map(day);
const cutSpan = fc
  .tuple(
    fc.integer({ min: 0, max: 14_600 }),
    fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 900 })),
  )
  .map(([first, length]) => ({ from: day(first), to: day(first + length) }));
const wholeSpan = fc.tuple(fc.integer({ min: 0, max: 480 }), fc.integer({ min: 1, max: 24 })).map(([month, count]) => ({
  from: new Date(Date.UTC(2000, month, 1)).toISOString().slice(0, 10),
  to: new Date(Date.UTC(2000, month + count, 0)).toISOString().slice(0, 10),
}));
const someSpan = fc.oneof(cutSpan, wholeSpan);
const inside = (span: Span, share: number): string => day(numberOf(span.from) + Math.floor(daysOf(span) * share));

describe("the periods to choose from", () => {
  it("are whole months, of the fiscal year that the organisation has", () => {
    const presets = Object.fromEntries(
      presetPeriods("2026-02-15", 4).map(({ name, days }) => [name, `${days.from}..${days.to}`]),
    );
    expect(presets).toEqual({
      "all time": "null..null",
      "this month": "2026-02-01..2026-02-28",
      "last month": "2026-01-01..2026-01-31",
      "this quarter": "2026-01-01..2026-03-31",
      "this fiscal year": "2025-04-01..2026-03-31",
      "last fiscal year": "2024-04-01..2025-03-31",
      "last 12 months": "2025-03-01..2026-02-28",
    });
  });

  test("hold today, whatever the day and the fiscal year", () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 1, max: 12 }), (today, start) => {
        for (const { name, days } of presetPeriods(today, start)) {
          if (name.startsWith("last month") || name === "last fiscal year") continue;
          expect([(days.from ?? "") <= today, today <= (days.to ?? "9")], `${name} ${today}`).toEqual([true, true]);
        }
        const year = presetPeriods(today, start).find(({ name }) => name === "this fiscal year")?.days.from ?? "";
        expect(Number(year.slice(5, 7))).toBe(start);
      }),
    );
  });

  it("within a campaign are also its first day to its last one, or to today", () => {
    const campaign = (first: string | null, last: string | null) =>
      presetPeriods("2026-02-15", 1, { first, last }).find(({ name }) => name === "campaign")?.days;
    expect(campaign("2026-01-10", "2026-03-01")).toEqual({ from: "2026-01-10", to: "2026-03-01" });
    expect(campaign("2026-01-10", null)).toEqual({ from: "2026-01-10", to: "2026-02-15" });
    expect([campaign(null, "2026-03-01"), campaign("2026-04-01", null)]).toEqual([undefined, undefined]);
  });
});

describe("the period before", () => {
  test("ends on the day before, and is as long: in months where months are whole, else in days", () => {
    fc.assert(
      fc.property(someSpan, someDay, (period, today) => {
        const before = periodBefore(period, today);
        if (before === null) throw new Error("a period with a first day has one before it");
        expect(next(before.to)).toBe(period.from);
        expect(lengthLike(period, before)).toBe(lengthLike(period, period));
        expect(isWhole(before) || !isWhole(period)).toBe(true);
      }),
    );
  });

  it("of a period without an end is that of its days up to today; there is none of all time, or of what has not begun", () => {
    expect(periodBefore({ from: "2026-02-10", to: null }, "2026-02-19")).toEqual({
      from: "2026-01-31",
      to: "2026-02-09",
    });
    expect(periodBefore({ from: null, to: "2026-02-19" }, "2026-02-19")).toBeNull();
    expect(periodBefore({ from: "2026-03-01", to: null }, "2026-02-19")).toBeNull();
  });
});

describe("the same point, one period earlier", () => {
  test("is the whole period before once the period is over, and never more than has passed of it", () => {
    fc.assert(
      fc.property(someSpan, fc.double({ min: 0, max: 1.2, noNaN: true }), (period, share) => {
        const today = inside(period, share);
        const before = periodBefore(period, today);
        const same = samePoint(period, before, today);
        if (before === null || same === null) throw new Error("a period that has begun has a same point");
        expect([same.period.from, next(same.before.to)]).toEqual([before.from, before.from]);
        const passed = { from: period.from, to: today };
        const isOver = today >= period.to;
        expect(lengthLike(period, same.period)).toBe(lengthLike(period, isOver ? period : passed));
        expect(isOver ? same.period.to === before.to : same.period.to <= before.to).toBe(true);
      }),
    );
  });

  it("is the same day of the month, the end of a month for its end, and null for what has not begun", () => {
    const quarter = { from: "2026-01-01", to: "2026-03-31" };
    const at = (today: string) => samePoint(quarter, periodBefore(quarter, today), today)?.period;
    expect(at("2026-02-27")).toEqual({ from: "2025-10-01", to: "2025-11-27" });
    expect(at("2026-02-28")).toEqual({ from: "2025-10-01", to: "2025-11-30" });
    const march = { from: "2026-03-01", to: "2026-03-31" };
    expect(samePoint(march, periodBefore(march, "2026-03-30"), "2026-03-30")?.period.to).toBe("2026-02-28");
    expect(samePoint(march, periodBefore(march, "2026-02-28"), "2026-02-28")).toBeNull();
  });
});

describe("what a period is compared with", () => {
  test("never reaches beyond today, and neither do its own days", () => {
    fc.assert(
      fc.property(
        someSpan,
        someDay,
        fc.constantFrom<Compare>("previous", "last year", { campaign: "other" }),
        fc.tuple(someDay, someDay),
        (period, today, compare, [own, other]) => {
          const days = comparedPeriod(period, today, compare, { own, other });
          if (days === null) return;
          expect([days.from <= days.to, days.own.from <= days.own.to]).toEqual([true, true]);
          expect([days.to <= today, days.own.to <= today]).toEqual([true, true]);
          expect(days.own.from >= period.from && days.own.to <= period.to).toBe(true);
          expect(typeof compare === "string" || daysOf(days) === daysOf(days.own)).toBe(true);
          expect(compare !== "previous" || next(days.to) <= period.from).toBe(true);
        },
      ),
    );
  });

  test("are as many days or as many months before, up to where the period stands", () => {
    fc.assert(
      fc.property(someSpan, fc.double({ min: 0, max: 1.2, noNaN: true }), (period, share) => {
        const days = comparedPeriod(period, inside(period, share), "previous");
        if (days === null) throw new Error("a period that has begun has days before it");
        expect(lengthLike(period, days)).toBe(lengthLike(period, days.own));
      }),
    );
  });

  test("are the same days of the year before, where only a leap day makes a difference", () => {
    fc.assert(
      fc.property(someSpan, (period) => {
        const days = comparedPeriod(period, period.to, "last year");
        if (days === null) throw new Error("a period that is over has a year before it");
        expect(Number(days.from.slice(0, 4))).toBe(Number(period.from.slice(0, 4)) - 1);
        expect(monthsOf(days)).toBe(monthsOf(period));
        expect(Math.abs(daysOf(days) - daysOf(period))).toBeLessThanOrEqual(1);
        expect(isWhole(days) || !isWhole(period)).toBe(true);
      }),
    );
  });

  it("has the 28th for a 29th of February, and the end of February for its end", () => {
    const lastYear = (from: string, to: string, today = "2030-01-01") => {
      const days = comparedPeriod({ from, to }, today, "last year");
      return days === null ? null : [days.from, days.to, days.own.to];
    };
    expect(lastYear("2024-02-29", "2024-02-29")).toEqual(["2023-02-28", "2023-02-28", "2024-02-29"]);
    expect(lastYear("2024-01-01", "2024-12-31", "2024-02-29")).toEqual(["2023-01-01", "2023-02-28", "2024-02-29"]);
    expect(lastYear("2025-02-01", "2025-02-28")).toEqual(["2024-02-01", "2024-02-29", "2025-02-28"]);
    expect(lastYear("2025-02-03", "2025-02-28")).toEqual(["2024-02-03", "2024-02-28", "2025-02-28"]);
  });

  it("is another campaign day for day, as far as both have come", () => {
    const firsts = { own: "2026-01-10", other: "2025-05-01" };
    const beside = (from: string | null, to: string | null, today = "2026-02-15", first = firsts) =>
      comparedPeriod({ from, to }, today, { campaign: "pins" }, first);
    expect(beside(null, null)).toEqual({
      from: "2025-05-01",
      to: "2025-06-06",
      own: { from: "2026-01-10", to: "2026-02-15" },
    });
    expect(beside("2026-01-15", "2026-01-20")).toMatchObject({ from: "2025-05-06", to: "2025-05-11" });
    expect(beside("2026-01-01", "2026-01-20")).toMatchObject({ own: { from: "2026-01-10", to: "2026-01-20" } });
    expect(beside(null, null, "2026-02-15", { own: "2025-05-01", other: "2026-02-13" })).toEqual({
      from: "2026-02-13",
      to: "2026-02-15",
      own: { from: "2025-05-01", to: "2025-05-03" },
    });
    expect(beside(null, "2025-12-31")).toBeNull();
    expect(beside(null, null, "2026-02-15", { own: "2026-01-10", other: "2026-03-01" })).toBeNull();
  });

  it("is nothing of all time and of what has not begun, and the year before if nothing is said", () => {
    const today = "2026-02-15";
    for (const compare of ["none", "previous", "last year"] as const) {
      expect(comparedPeriod({ from: null, to: null }, today, compare)).toBeNull();
      expect(comparedPeriod({ from: "2026-03-01", to: "2026-03-31" }, today, compare)).toBeNull();
    }
    expect(usualCompare({ from: "2026-01-01", campaign: null })).toBe("last year");
    expect(usualCompare({ from: null, campaign: null })).toBe("none");
    expect(usualCompare({ from: "2026-01-01", campaign: "pins" })).toBe("none");
  });
});

it("a board is asked for the days before, the same point and the days beside at once", () => {
  const place = { organisationId: null, fundId: 2n, campaignId: null };
  const period = { from: "2026-01-01", to: "2026-12-31" };
  const days = comparedPeriod(period, "2026-11-21", "last year");
  const compared = days && { with: "last year" as const, place, days };
  expect(boardAsked({ place, period, currency: "CAD", today: "2026-11-21" }, compared)).toEqual({
    place,
    period,
    currency: "CAD",
    today: "2026-11-21",
    before: { from: "2025-01-01", to: "2025-12-31" },
    samePoint: {
      before: { from: "2024-01-01", to: "2024-12-31" },
      period: { from: "2025-01-01", to: "2025-11-21" },
    },
    compared: {
      with: "last year",
      place,
      from: "2025-01-01",
      to: "2025-11-21",
      own: { from: "2026-01-01", to: "2026-11-21" },
    },
  });
});
