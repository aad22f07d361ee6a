import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../src/http/failure.ts";
import { ownPagesOnly } from "../../src/http/origin.ts";

const app = new Hono();
app.use(ownPagesOnly("https://give.example.org"));
app.all("/", (c) => c.text("done"));
app.onError((error, c) => c.body(null, failureOf(error).status));

const status = async (method: string, headers: Record<string, string>) =>
  (await app.request("http://give.example.org/", { method, headers: { host: "give.example.org", ...headers } })).status;

const types = [undefined, "application/x-www-form-urlencoded", "application/json", "text/plain"];
const origins: [string | undefined, number][] = [
  [undefined, 403],
  ["https://evil.example", 403],
  ["null", 403],
  ["https://give.example.org.evil.example", 403],
  ["https://give.example.org", 200],
];

describe("a request that changes something", () => {
  const table = types.flatMap((type) => origins.map(([origin, expected]) => ({ type, origin, expected })));
  it.each(table)("of content type $type from $origin: $expected", async ({ type, origin, expected }) => {
    const headers = { ...(type && { "content-type": type }), ...(origin && { origin }) };
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(await status(method, headers)).toBe(expected);
  });

  it.each([
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "https://give.example.org" }, 403],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example" }, 403],
    // The name under which it was asked is as good as the configured one: localhost beside 127.0.0.1.
    [{ host: "localhost:8787", origin: "http://localhost:8787" }, 200],
    [{ authorization: "Bearer sk_test_1" }, 200],
  ])("with %o: %s", async (headers, expected) => {
    expect(await status("POST", headers as Record<string, string>)).toBe(expected);
  });

  it("is not in question when nothing changes", async () => {
    expect(await status("GET", { origin: "https://evil.example" })).toBe(200);
  });
});
