import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packAsked } from "../../src/core/pack-asked.ts";
import { packRow } from "../web/pack-story.ts";
import { languagesOf, likelyEarlier, type PackRow, readLinkDays, readPackForm } from "../../src/core/pack.ts";

const everything = { organisationId: null, fundId: null, campaignId: null };
const asked = (from: string | null, to: string | null, today = "2026-11-21") =>
  packAsked({ place: everything, period: { from, to }, currency: "CAD", today });

describe("what a pack asks of the board", () => {
  it("is compared with as many whole months before, and with the same days of last year", () => {
    expect(asked("2021-03-01", "2021-03-31")).toMatchObject({
      before: { from: "2021-02-01", to: "2021-02-28" },
      samePoint: { before: { from: "2021-01-01", to: "2021-01-31" }, period: { from: "2021-02-01", to: "2021-02-28" } },
      compared: { with: "last year", from: "2020-03-01", to: "2020-03-31" },
    });
    expect(asked("2021-01-01", "2021-12-31").before).toEqual({ from: "2020-01-01", to: "2020-12-31" });
  });

  it("ends February where it ends, in leap years too", () => {
    expect(asked("2024-02-01", "2024-02-29").compared).toMatchObject({ from: "2023-02-01", to: "2023-02-28" });
    expect(asked("2025-02-01", "2025-02-28").compared).toMatchObject({ from: "2024-02-01", to: "2024-02-29" });
  });

  it("cuts what an unfinished period is compared with at the same point", () => {
    expect(asked("2026-11-01", "2026-11-30")).toMatchObject({
      samePoint: { period: { from: "2026-10-01", to: "2026-10-21" } },
      compared: { from: "2025-11-01", to: "2025-11-21", own: { from: "2026-11-01", to: "2026-11-21" } },
    });
  });

  it("has nothing before a period without a first day, and before one that has not begun", () => {
    for (const question of [asked(null, null), asked(null, "2021-03-31"), asked("2027-01-01", "2027-01-31")])
      expect(question).toMatchObject({ before: null, samePoint: null, compared: null });
  });

  it("never leaves a day between a period and the one before, and never asks for a day after today", () => {
    const day = fc
      .date({ min: new Date("2000-01-01"), max: new Date("2026-11-21"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, (one, two) => {
        const [from, to] = one < two ? [one, two] : [two, one];
        const { before, samePoint, compared } = asked(from, to);
        const after = new Date(Date.parse(`${before?.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
        expect(after).toBe(from);
        expect((samePoint?.period.to ?? "") <= (before?.to ?? "")).toBe(true);
        expect((compared?.own.to ?? "") <= "2026-11-21").toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the form of a pack", () => {
  it("is read, or tells each field that is wrong", () => {
    expect(readPackForm({ from: "2021-03-01", to: "", languages: "en fr", note: " Hi\r\n", earlier: "3" })).toEqual({
      ok: true,
      form: { period: { from: "2021-03-01", to: null }, languages: "en fr", note: "Hi", earlier: 3n },
    });
    expect(readPackForm({ from: "soon", to: "2021-13-01", languages: "", note: "", earlier: "-1" })).toEqual({
      ok: false,
      refusals: { from: "not a day", to: "not a day", languages: "not a language", earlier: "not a pack" },
    });
  });

  it("puts English before French, and offers 7, 30 and 90 days", () => {
    expect(languagesOf("en fr")).toEqual(["en", "fr"]);
    expect([readLinkDays("30"), readLinkDays("31"), readLinkDays(undefined)]).toEqual([30, null, null]);
  });

  it("proposes as the earlier pack the newest one of the same place that is as long", () => {
    const pack = (number: bigint, from: string, to: string, organisationId: bigint | null = null): PackRow => ({
      ...packRow,
      number,
      from,
      to,
      organisationId,
    });
    const listed = [
      pack(4n, "2021-02-01", "2021-02-28", 1n),
      pack(3n, "2020-01-01", "2020-12-31"),
      pack(2n, "2021-02-01", "2021-02-28"),
      pack(1n, "2021-01-01", "2021-01-31"),
    ];
    const march = { from: "2021-03-01", to: "2021-03-31" };
    expect(likelyEarlier(listed, packRow, march)?.number).toBe(2n);
    expect(likelyEarlier(listed, packRow, { from: null, to: null })?.number).toBe(3n);
    expect(likelyEarlier([], packRow, march)).toBeNull();
  });
});
