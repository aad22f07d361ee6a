import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { openSql } from "../../src/db/connect.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => (service = await openService()));
afterAll(async () => await service.close());

/** Every kind of answer: pages, JSON, streams, redirects, refusals and faults. */
const answers: [name: string, path: string, init: RequestInit, status: number][] = [
  ["all funds", "/", {}, 200],
  ["a fund", "/funds/families", {}, 200],
  ["a hidden fund", "/funds/quiet", {}, 404],
  ["a gift refused", "/funds/families/give", form({}), 422],
  ["a gift on its way to Stripe", "/funds/families/give", form({ amount: "2500" }), 303],
  ["a campaign", "/campaigns/pins", {}, 200],
  ["thanks for nothing", "/thanks/cs_test_nothing0000", {}, 404],
  ["the board", "/board", {}, 200],
  ["the board of a stranger", "/board", { headers: { cookie: "" } }, 303],
  ["the board's figures", "/board/totals.json", {}, 200],
  ["the board's figures for a stranger", "/board/totals.json", { headers: { cookie: "" } }, 401],
  ["the form of sign-in", "/sign-in", { headers: { cookie: "" } }, 200],
  ["a link that was used", `/join/${"x".repeat(43)}`, {}, 410],
  ["the board's stream", "/board/live", {}, 200],
  ["totals", "/api/totals", {}, 200],
  ["totals in no currency of ours", "/api/totals?currency=XXX", {}, 400],
  ["the API's description", "/api/openapi.json", {}, 200],
  ["alive", "/livez", {}, 200],
  ["ready", "/readyz", {}, 200],
  ["about the sandbox", "/about-sandbox", {}, 200],
  ["an unsigned delivery", "/webhooks/stripe", { method: "POST", body: "{}" }, 400],
  ["a form from elsewhere", "/funds/families/give", form({}, { origin: "https://evil.example" }), 403],
  ["no such page", "/nothing", {}, 404],
];

describe("every answer forbids what no page of ours does", () => {
  it.each(answers)("%s", async (_name, path, init, status) => {
    const headers = new Headers(init.headers);
    if (!headers.has("cookie")) headers.set("cookie", service.admin.headers.cookie);
    const answer = await service.app.request(path, { ...init, headers });
    expect(answer.status).toBe(status);
    expect(security(answer)).toEqual(expected);
    await answer.body?.cancel();
  });

  it("also when something is broken, and the page tells nothing of it", async () => {
    const app = createApp({
      ...service.deps,
      findAccount: async () => await Promise.reject(new Error("secret of ann@example.org")),
    });
    const answer = await app.request("/funds/families/give", form({ amount: "2500" }));
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(security(answer)).toEqual(expected);
    expect(page).toContain("The mistake is ours");
    expect(page + JSON.stringify(service.logged)).not.toContain("ann@example.org");
    expect(service.logged.at(-1)).toMatchObject({
      message: "a request failed",
      fields: { status: 500, route: "/funds/:slug/give", error: "Error" },
    });
    expect(service.logged.at(-1)?.fields["request"]).toBe(answer.headers.get("x-request-id"));
  });

  it("also when the database is away: 503, try again", async () => {
    const gone = openSql("postgres://nobody@127.0.0.1:1/nothing", { connectTimeoutSeconds: 1 });
    const app = createApp({ ...service.deps, sql: gone });
    const answer = await app.request("/");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(security(answer)).toEqual(expected);
    const json = await app.request("/api/totals");
    expect([json.status, await json.json()]).toMatchObject([503, { error: { code: "database-away" } }]);
    await gone.end();
  });

  it("and behind https also plain http", async () => {
    const app = createApp({ ...service.deps, baseUrl: "https://give.example.org" });
    const { headers } = await app.request("/livez");
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(headers.get("content-security-policy")).toContain(
      "form-action 'self' https://checkout.stripe.com https://give.example.org;",
    );
  });
});

describe("how long answers may be kept", () => {
  it.each([
    ["/", {}, "private, no-cache"],
    ["/board", {}, "no-store"],
    ["/board", { cookie: "" }, "no-store"],
    ["/sign-in", { cookie: "" }, "no-store"],
    ["/account", {}, "no-store"],
    ["/thanks/cs_test_nothing0000", {}, "no-store"],
    ["/api/totals", {}, "public, max-age=5"],
    ["/api/totals?from=2020-01-01", {}, "public, max-age=5"],
    ["/api/totals?from=2020-01-99", {}, "private, no-cache"],
    ["/readyz", {}, "no-store"],
  ])("%s with %o: %s", async (path, headers, kept) => {
    expect(
      (await service.app.request(path, { headers: { ...service.admin.headers, ...headers } })).headers.get(
        "cache-control",
      ),
    ).toBe(kept);
  });
});

const expected = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    `form-action 'self' https://checkout.stripe.com ${baseUrl}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "referrer-policy": "same-origin",
  "strict-transport-security": null,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-powered-by": null,
};

function security(answer: Response): Record<string, string | null> {
  return Object.fromEntries(Object.keys(expected).map((name) => [name, answer.headers.get(name)]));
}
