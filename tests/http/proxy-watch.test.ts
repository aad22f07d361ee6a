import { request } from "node:http";
import { createServer } from "node:net";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Log } from "../../src/core/log.ts";
import { watchForProxies } from "../../src/http/proxy-watch.ts";
import { listen } from "../../src/http/server.ts";
import { openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => {
  service = await openService();
});
afterAll(async () => await service.close());

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Guesses a password over a real connection, each time under another made-up address; answers the statuses. */
async function guess(port: number, forwarded: (guess: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < 24; number += 1) {
    const body = new URLSearchParams({ email: `nobody${number}@example.org`, password: "a guess" }).toString();
    statuses.push(
      await new Promise<number>((resolve, reject) => {
        const sending = request(
          {
            port,
            host: "127.0.0.1",
            path: "/sign-in",
            method: "POST",
            headers: {
              "content-type": "application/x-www-form-urlencoded",
              "content-length": Buffer.byteLength(body),
              origin: `http://127.0.0.1:${port}`,
              "x-forwarded-for": forwarded(number),
            },
          },
          (answer) => answer.on("end", () => resolve(answer.statusCode ?? 0)).resume(),
        );
        sending.on("error", reject);
        sending.end(body);
      }),
    );
  }
  return statuses;
}

describe("over a real connection", () => {
  // The one before the last is what somebody made up; behind one proxy the last is what that proxy wrote.
  test.each([
    [0, (number: number) => `198.51.100.${number}`],
    [1, (number: number) => `198.51.100.${number}, 203.0.113.7`],
  ] as const)("behind %i proxies nobody guesses more often by rotating X-Forwarded-For", async (proxies, forwarded) => {
    await service.deps.sql`delete from auth.throttle`;
    const port = await freePort();
    const app = createApp({ ...service.deps, proxies, baseUrl: `http://127.0.0.1:${port}` });
    const server = await listen({ fetch: app.fetch, host: "127.0.0.1", port });
    try {
      const statuses = await guess(port, forwarded);
      expect(statuses.slice(0, 20)).not.toContain(429);
      expect(statuses.slice(-2)).toEqual([429, 429]);
    } finally {
      await server.close(1_000);
    }
  });

  test("behind one proxy two people are two addresses", async () => {
    await service.deps.sql`delete from auth.throttle`;
    const port = await freePort();
    const app = createApp({ ...service.deps, proxies: 1, baseUrl: `http://127.0.0.1:${port}` });
    const server = await listen({ fetch: app.fetch, host: "127.0.0.1", port });
    try {
      expect(await guess(port, (number) => `203.0.113.${number % 2}`)).not.toContain(429);
    } finally {
      await server.close(1_000);
    }
  });
});

describe("a proxy that the settings do not name", () => {
  const day = 86_400_000;
  function house(hops: number) {
    let clock = new Date("2026-11-22T10:00:00Z");
    const said: string[] = [];
    const log: Log = (level, message) => said.push(`${level} ${message}`);
    const proxies = watchForProxies({ hops, now: () => clock, log });
    const app = new Hono();
    app.use(proxies.watch);
    app.get("/", (c) => c.text("answered"));
    return {
      said,
      found: proxies.found,
      wait: (ms: number) => (clock = new Date(clock.getTime() + ms)),
      ask: async (remoteAddress: string, headers: Record<string, string> = { "x-forwarded-for": "203.0.113.7" }) =>
        await (await app.request("/", { headers }, { incoming: { socket: { remoteAddress } } })).text(),
    };
  }

  test("is said once in the log and stands as an alert for a day after its last request", async () => {
    const { said, found, wait, ask } = house(0);
    expect(found()).toBe("unknown");
    for (const address of ["127.0.0.1", "10.0.0.4", "::ffff:172.18.0.2"]) expect(await ask(address)).toBe("answered");
    expect(said).toEqual([expect.stringMatching(/^warn .*TRUSTED_PROXY_HOPS is 0/u)]);
    expect(found()).toMatchObject({ kind: "proxy" });
    wait(day - 1);
    expect(found()).toMatchObject({ kind: "proxy" });
    wait(1);
    expect(found()).toBeNull();
  });

  test("is not believed of strangers, who may write any header, nor of a request without one", async () => {
    const { said, found, wait, ask } = house(0);
    await ask("203.0.113.9");
    await ask("172.32.0.1");
    await ask("127.0.0.1", {});
    expect(said).toEqual([]);
    expect(found()).toBe("unknown");
    wait(day);
    expect(found()).toBeNull();
  });

  test("is none once it is named", async () => {
    const { said, found, ask } = house(1);
    await ask("127.0.0.1");
    expect([said, found()]).toEqual([[], null]);
  });
});
