import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
    expect(Object.keys((body["funds"] as object[])[0] ?? {})).toEqual([
      "slug",
      "name",
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
    ["/api/totals?from=2020-01-01", "Public numbers are for all time at present. Leave out from and to."],
    ["/api/totals?to=2020-01-01", "Public numbers are for all time at present. Leave out from and to."],
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
    expect(JSON.stringify(components)).toContain(
      "Different people with at least one gift that was not wholly returned.",
    );
  });
});
