import { describe, expect, it } from "vitest";
import { packRow } from "../web/pack-story.ts";
import { languagesOf, likelyEarlier, type PackRow, readLinkDays, readPackForm } from "../../src/core/pack.ts";

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
