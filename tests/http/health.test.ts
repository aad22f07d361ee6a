import { describe, expect, it } from "vitest";
import type { ReadyCheck } from "../../src/http/deps.ts";
import { healthRoutes } from "../../src/http/health.ts";

const ask = async (path: string, ready: ReadyCheck[]) => {
  const answer = await healthRoutes({ ready }).request(path);
  return [answer.status, await answer.json()];
};
const check = (name: string, holds: () => Promise<boolean>): ReadyCheck => ({ name, holds });

describe("health", () => {
  it("is alive whatever it waits for", async () => {
    expect(await ask("/livez", [check("database", async () => false)])).toEqual([200, { live: true }]);
  });

  it("is ready when everything holds, and else names what it waits for", async () => {
    const fine = check("database", async () => true);
    const story = check("story", async () => false);
    const broken = check("migrations", async () => await Promise.reject(new Error("postgres://user:secret@host")));
    expect(await ask("/readyz", [fine])).toEqual([200, { ready: true, waitingFor: [] }]);
    expect(await ask("/readyz", [fine, story, broken])).toEqual([
      503,
      { ready: false, waitingFor: ["story", "migrations"] },
    ]);
  });
});
