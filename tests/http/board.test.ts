import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCash } from "../../src/db/cash.ts";
import { isFromThisMachine, isLoopback } from "../../src/http/loopback.ts";
import { openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => {
  service = await openService();
  const gift = {
    organisation: null,
    amountMinor: 1000n,
    currency: null,
    note: null,
    email: null,
    person: null,
    name: null,
  };
  await recordCash(service.deps.sql, { ...gift, request: "1", fund: "families", day: "2021-02-03" });
  await recordCash(service.deps.sql, { ...gift, request: "2", fund: "quiet", day: "2022-02-03" });
});
afterAll(async () => await service.close());

describe("what comes from this machine", () => {
  const local = { host: "127.0.0.1", baseUrl: "http://localhost:8787" };
  const requests: [headers: Record<string, string>, opening: { host: string; baseUrl: string }, isOpen: boolean][] = [
    [{ host: "127.0.0.1:8787" }, local, true],
    [{ host: "localhost:8787" }, local, true],
    [{ host: "[::1]:8787" }, { host: "::1", baseUrl: "http://[::1]:8787" }, true],
    [{ host: "give.example.org" }, local, false],
    [{ host: "localhost.evil.example" }, local, false],
    [{}, local, false],
    [{ host: "localhost:8787" }, { ...local, host: "0.0.0.0" }, false],
    [{ host: "localhost:8787" }, { ...local, baseUrl: "https://give.example.org" }, false],
  ];
  it.each(requests)("with %o on %o: %s", (headers, opening, isOpen) => {
    expect(isFromThisMachine(new Headers(headers), opening)).toBe(isOpen);
  });

  it.each(["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "cf-connecting-ip"])(
    "not behind a proxy that sends %s",
    (name) => {
      expect(isFromThisMachine(new Headers({ host: "localhost:8787", [name]: "127.0.0.1" }), local)).toBe(false);
    },
  );

  it("knows loopback addresses from names that look like them", () => {
    expect(["127.0.0.1", "127.255.0.9", "::1", "[::1]", "LOCALHOST"].every((host) => isLoopback(host))).toBe(true);
    expect(
      ["127.0.0.1.evil.example", "128.0.0.1", "0.0.0.0", "127.0.0.256", "", "a.localhost"].some((host) =>
        isLoopback(host),
      ),
    ).toBe(false);
  });
});

it("the board is linked to from the pages of those who may open it, and of nobody else", async () => {
  const home = async (headers: Record<string, string>) => await (await service.app.request("/", { headers })).text();
  expect(await home({})).not.toContain('href="/board"');
  expect(await home(service.admin.headers)).toContain('href="/board"');
});

describe("the board", () => {
  const figures = async (query = "") =>
    await (await service.app.request(`/board/totals.json${query}`, { headers: service.admin.headers })).json();

  it("counts hidden funds too, which public numbers never do", async () => {
    expect(await figures()).toMatchObject({
      currency: "CAD",
      from: null,
      to: null,
      all: { givenMinor: 2000, unnamedGifts: 2 },
    });
    const board = await (await service.app.request("/board", { headers: service.admin.headers })).text();
    expect(board).toContain("Quiet");
    const open = JSON.stringify(await (await service.app.request("/api/totals")).json());
    expect(open).not.toMatch(/quiet/iu);
    expect(JSON.parse(open)).toMatchObject({ all: { givenMinor: 1000, unnamedGifts: 1 } });
  });

  it("shows the period in its address", async () => {
    expect(await figures("?from=2021-01-01&to=2021-12-31")).toMatchObject({
      from: "2021-01-01",
      to: "2021-12-31",
      all: { givenMinor: 1000 },
    });
    expect(await figures("?from=2021-02-04")).toMatchObject({
      all: { givenMinor: 1000 },
      months: [{ month: "2022-02" }],
    });
  });

  it.each(["?from=2021-02-30", "?from=2022-01-01&to=2021-01-01"])(
    "refuses the period %s and says why",
    async (query) => {
      const page = await service.app.request(`/board${query}`, { headers: service.admin.headers });
      expect(page.status).toBe(400);
      expect(await page.text()).toMatch(/is not a day|ends \(2021-01-01\) before it starts/u);
      const json = await service.app.request(`/board/totals.json${query}`, { headers: service.admin.headers });
      expect([json.status, await json.json()]).toMatchObject([400, { error: { code: "not-understood" } }]);
    },
  );

  it("refuses a currency in which nothing is counted", async () => {
    expect((await service.app.request("/board?currency=EUR", { headers: service.admin.headers })).status).toBe(400);
  });
});
