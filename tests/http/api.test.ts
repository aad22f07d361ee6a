import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeBlocks } from "../../src/db/block.ts";
import { recordCash } from "../../src/db/cash.ts";
import { definitions } from "../../src/core/definition.ts";
import { campaignAnswer, totalsAnswer } from "../../src/http/api-schema.ts";
import { openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => (service = await openService()));
afterAll(async () => await service.close());

const json = async (path: string) => {
  const answer = await service.app.request(path);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe("the public numbers", () => {
  it("have exactly the documented shape", async () => {
    const { status, body } = await json("/api/totals");
    expect(status).toBe(200);
    expect(totalsAnswer.strict().parse(body)).toEqual(body);
    const none = { proceedsMinor: 0, feesMinor: 0, feesUnknown: 0, reachedMinor: 0 };
    expect(body).toMatchObject({ from: null, to: null, currency: "CAD", all: none, unassigned: none });
    expect(body).toMatchObject({ donorsRoundedDown: false });
    expect(Object.keys((body["funds"] as object[])[0] ?? {})).toEqual([
      "slug",
      "name",
      "from",
      "to",
      "givenMinor",
      "returnedMinor",
      "raisedMinor",
      "proceedsMinor",
      "feesMinor",
      "feesUnknown",
      "reachedMinor",
      "gifts",
      "donors",
      "unnamedGifts",
      "supporters",
      "otherCurrencies",
    ]);
  });

  it("of a campaign have exactly the documented shape", async () => {
    const { body } = await json("/api/campaigns/pins");
    expect(campaignAnswer.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      slug: "pins",
      fund: "families",
      kind: "merchandise",
      currency: "CAD",
      unitsSold: 0,
      grossMinor: 0,
      feesMinor: 0,
      promisedMinor: 0,
      actualMinor: 0,
      differenceMinor: 0,
    });
  });

  it("of a range have the same shape, and of each fund only what at least five people stand behind", async () => {
    const giveAndStore = async (people: number, day: string) => {
      for (let person = 1; person <= people; person += 1) {
        await recordCash(service.deps.sql, {
          request: `${day} ${person}`,
          fund: "families",
          day,
          organisation: null,
          amountMinor: 1000n,
          currency: null,
          note: null,
          email: `${person}@example.org`,
          person: null,
          name: null,
        });
      }
    };
    await giveAndStore(7, "2021-03-04");
    await giveAndStore(3, "2021-04-04");
    await storeBlocks(service.deps.sql, new Date(), "complete");
    const { status, body } = await json("/api/totals?from=2021-03-31&to=2021-04-30");
    expect(status).toBe(200);
    expect(totalsAnswer.strict().parse(body)).toEqual(body);
    const withheld = {
      givenMinor: null,
      returnedMinor: null,
      reachedMinor: null,
      unnamedGifts: null,
      supporters: null,
    };
    expect(body).toMatchObject({
      from: "2021-03-01",
      to: "2021-03-31",
      donorsRoundedDown: true,
      unassigned: null,
      all: null,
      funds: [
        { slug: "families", from: "2021-03-01", to: "2021-03-31", raisedMinor: 7000, gifts: 7, donors: 5, ...withheld },
        { slug: "general", from: null, to: null, raisedMinor: null, gifts: null, donors: null, ...withheld },
      ],
    });
    const page = await (await service.app.request("/funds/families")).text();
    expect(page).toContain("March 2021");
    expect(page).not.toContain("April 2021");
    const pins = (await json("/api/campaigns/pins?from=2021-03-31")).body;
    expect(campaignAnswer.strict().parse(pins)).toEqual(pins);
    expect(pins).toMatchObject({ slug: "pins", unitsSold: null, grossMinor: null, actualMinor: null });
  });

  it("leave out hidden funds and their campaigns", async () => {
    expect((await json("/api/totals")).body["funds"]).toMatchObject([{ slug: "families" }, { slug: "general" }]);
    expect(await json("/api/campaigns/whispers")).toMatchObject({
      status: 404,
      body: { error: { code: "not-found" } },
    });
  });

  it.each([
    ["/api/totals?currency=EUR", "Nothing is counted in the currency “EUR”. Use CAD."],
    ["/api/totals?currency=cad", "Nothing is counted in the currency “cad”. Use CAD."],
    ["/api/totals?from=lately", "“lately” is not a day. Type it like 2021-03-31."],
    ["/api/totals?to=2021-02-30", "“2021-02-30” is not a day. Type it like 2021-03-31."],
    [
      "/api/totals?from=2021-02-01&to=2021-01-31",
      "The period ends (2021-01-31) before it starts (2021-02-01). Swap the two days.",
    ],
    ["/api/campaigns/pins?from=lately", "“lately” is not a day. Type it like 2021-03-31."],
  ])("%s is refused in words", async (path, text) => {
    expect(await json(path)).toMatchObject({ status: 400, body: { error: { code: "not-understood", text } } });
  });

  it("are described by the schemas they are checked with", async () => {
    const { body } = await json("/api/openapi.json");
    const { paths, components } = body as {
      paths: object;
      components: { schemas: Record<string, { required: string[] }> };
    };
    expect(Object.keys(paths)).toEqual(["/api/totals", "/api/campaigns/{slug}"]);
    expect(components.schemas["CampaignTotal"]?.required).toEqual(Object.keys(campaignAnswer.shape));
    for (const schema of ["Total", "FundTotal"]) {
      const { properties } = components.schemas[schema] as unknown as {
        properties: Record<string, { description: string }>;
      };
      const described = Object.entries(definitions)
        .map(([name, { text }]) => [(properties[name] ?? properties[`${name}Minor`])?.description, text])
        .filter(([description]) => description !== undefined);
      expect(described.length).toBeGreaterThan(9);
      expect(described.filter(([description, text]) => description !== text)).toEqual([]);
    }
  });
});
