import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => {
  service = await openService({ compresses: true });
});
afterAll(async () => await service.close());

const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  await service.app.request(path, {
    headers: { ...service.admin.headers, "accept-encoding": "gzip, deflate, br", ...headers },
  });

describe("answers over the wire", () => {
  test.each(["/", "/funds/families", "/campaigns/pins", "/api/totals", "/api/openapi.json", "/nothing-here"])(
    "%s is compressed for whoever takes that, and says that it depends on it",
    async (path) => {
      const [answer, plain] = [await ask(path), await ask(path, { "accept-encoding": "identity" })];
      expect([answer.headers.get("content-encoding"), plain.headers.get("content-encoding")]).toEqual(["gzip", null]);
      for (const each of [answer, plain]) expect(each.headers.get("vary")?.toLowerCase()).toContain("accept-encoding");
      const text = gunzipSync(new Uint8Array(await answer.arrayBuffer())).toString("utf8");
      const [first] = (await plain.text()).split(/alm_|"asOf"|as of|As of|-[0-9a-z]{8}/u);
      expect(text.startsWith(first?.slice(0, 200) ?? "")).toBe(true);
    },
  );

  test("a fund's page is less than 20 kB", async () => {
    expect((await (await ask("/funds/families")).arrayBuffer()).byteLength).toBeLessThan(20_000);
  });

  test.each([
    "/board",
    "/board/totals.json",
    "/desk",
    "/desk/gifts",
    "/desk/gifts.csv",
    "/desk/alerts",
    "/desk/dead-letters",
  ])(
    "%s, which only somebody signed in may see, is not where nothing says who asks: nobody can read from lengths what stands in it",
    async (path) => {
      const answer = await ask(path);
      expect([answer.status, answer.headers.get("content-encoding"), answer.headers.get("cache-control")]).toEqual([
        200,
        null,
        "no-store",
      ]);
    },
  );

  test.each(["none", "same-origin"])("a page of the staff is, where they went to it themselves (%s)", async (site) => {
    const answer = await ask("/board", { "sec-fetch-site": site, "sec-fetch-mode": "navigate" });
    expect([answer.status, answer.headers.get("content-encoding"), answer.headers.get("cache-control")]).toEqual([
      200,
      "gzip",
      "no-store",
    ]);
    expect(gunzipSync(new Uint8Array(await answer.arrayBuffer())).toString("utf8")).toContain("</html>");
  });

  test.each([
    ["a page of somebody else's leads to it", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
    ["a neighbour in the same domain leads to it", { "sec-fetch-site": "same-site", "sec-fetch-mode": "navigate" }],
    ["a script asks for it", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }],
    ["it is asked for as part of a page", { "sec-fetch-site": "none", "sec-fetch-mode": "no-cors" }],
  ])("a page of the staff is not, where %s", async (_, headers) => {
    const answer = await ask("/board", headers);
    expect([answer.status, answer.headers.get("content-encoding")]).toEqual([200, null]);
    expect(await answer.text()).toContain("</html>");
  });

  test("the live stream is not: it would be held back", async () => {
    const answer = await ask("/board/live");
    expect([answer.headers.get("content-type"), answer.headers.get("content-encoding")]).toEqual([
      "text/event-stream",
      null,
    ]);
    await answer.body?.cancel();
  });

  test("what the door answers to Stripe is not: it is one word", async () => {
    const answer = await service.app.request("/webhooks/stripe", {
      method: "POST",
      body: "{}",
      headers: { "accept-encoding": "gzip" },
    });
    expect(answer.headers.get("content-encoding")).toBe(null);
  });
});
