import { Hono } from "hono";
import { expect, test } from "vitest";
import { clientAddress } from "../../src/http/client-address.ts";

async function addressOf(
  headers: Record<string, string>,
  proxies: number | "platform",
  socket?: string,
): Promise<string> {
  const app = new Hono();
  app.get("/", (c) => c.text(clientAddress(c, proxies) ?? "none"));
  const env = socket === undefined ? undefined : { incoming: { socket: { remoteAddress: socket } } };
  return await (await app.request("/", { headers }, env)).text();
}

const forwarded = { "x-forwarded-for": "6.6.6.6, 203.0.113.7, 10.0.0.2", "cf-connecting-ip": "7.7.7.7" };

test.each([
  [{}, 0, "203.0.113.1", "203.0.113.1"],
  [forwarded, 0, "203.0.113.1", "203.0.113.1"],
  [forwarded, 1, "10.0.0.1", "10.0.0.2"],
  [forwarded, 2, "10.0.0.1", "203.0.113.7"],
  // Asked past our proxies, so that none of them wrote anything.
  [{}, 1, "203.0.113.1", "203.0.113.1"],
  [{ "x-forwarded-for": "not an address" }, 1, "203.0.113.1", "203.0.113.1"],
  [forwarded, "platform", "10.0.0.1", "7.7.7.7"],
  [{}, "platform", undefined, "none"],
  [{}, 0, "::ffff:203.0.113.1", "203.0.113.1"],
  [{}, 0, "2001:db8:0:1::5", "2001:db8:0:1::/64"],
  [{}, 0, "2001:0db8:0000:0001:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"],
  [{}, 0, "::1", "0:0:0:0::/64"],
  [{}, 0, "fe80::1%eth0", "fe80:0:0:0::/64"],
] as const)("%o behind %s proxies on %s is counted as %s", async (headers, proxies, socket, address) => {
  expect(await addressOf(headers, proxies, socket)).toBe(address);
});
