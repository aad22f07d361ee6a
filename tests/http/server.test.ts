import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { listen } from "../../src/http/server.ts";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("a service that ends answers what is under way, and does not go on for a connection that never idles", async () => {
  const port = await freePort();
  const fetch = async (): Promise<Response> => {
    await sleep(20);
    return new Response("answered");
  };
  const server = await listen({ fetch, host: "127.0.0.1", port });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: number[] = [];
  // One delivery after the other on one connection, until no new one is taken.
  const sending = (async () => {
    for (;;) {
      await new Promise<void>((resolve, reject) => {
        get({ port, host: "127.0.0.1", agent }, (response) => {
          answers.push(response.statusCode ?? 0);
          response.on("end", resolve).resume();
        }).on("error", reject);
      });
    }
  })();
  sending.catch(() => undefined);
  while (answers.length < 3) await sleep(5);
  const since = Date.now();
  await server.close(20_000);
  expect(Date.now() - since).toBeLessThan(5_000);
  await expect(sending).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/u);
});
