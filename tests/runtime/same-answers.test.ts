import { afterAll, beforeAll, expect, it } from "vitest";
import { runAudit } from "../../src/db/audit.ts";
import { onNode, onWorkers, type Runtime } from "./runtime.ts";
import { visit, type Answer } from "./visit.ts";

// One visit, made to the service on Node and to the same service in workerd, each on a real PostgreSQL.

let runtimes: Runtime[] = [];
let onBoth: Answer[][] = [];
beforeAll(async () => {
  runtimes = [await onNode(), await onWorkers()];
  for (const runtime of runtimes) onBoth.push(await visit(runtime));
});
afterAll(async () => await Promise.all(runtimes.map(async (runtime) => await runtime.close())));

const answersOf = (path: string): Answer[] =>
  onBoth.map((all) => all.findLast(({ asked }) => asked === path)) as Answer[];

it("both runtimes answer every request of a visit word for word the same", () => {
  const [node, workers] = onBoth;
  expect(node?.length).toBeGreaterThan(30);
  for (const [place, answer] of (node ?? []).entries()) expect(workers?.[place]).toEqual(answer);
});

it("both count the gifts that were given here, the payment made elsewhere, and the one that only the clock brought in", () => {
  for (const { body } of answersOf("GET /api/totals")) {
    const { funds, unassigned, all } = JSON.parse(body) as Record<"unassigned" | "all", { gifts: number }> & {
      funds: { slug: string; gifts: number }[];
    };
    expect([funds.find(({ slug }) => slug === "families")?.gifts, unassigned.gifts, all.gifts]).toEqual([3, 1, 4]);
  }
});

it("both count what was sold", () => {
  for (const { body } of answersOf("GET /api/campaigns/stickers")) {
    expect(JSON.parse(body)).toMatchObject({ unitsSold: 3, grossMinor: 900 });
  }
});

it("neither has a problem in its log, nor a difference in its books", async () => {
  for (const runtime of runtimes) {
    expect(runtime.problems()).toEqual([]);
    expect(await runAudit(runtime.sql)).toEqual([]);
  }
});

it("both compare what Stripe lists with what is booked, when it is time", async () => {
  for (const { sql, turn } of runtimes) {
    await sql`update sweep_state set next_at = now(), last_closed_at = null`;
    await turn();
    // What the visit delivered itself was never made by the sandbox, and has no balance transaction there.
    const states =
      await sql`select last_error as error, last_closed_at is not null as closed from sweep_state order by account_id`;
    expect(states).toEqual([
      { error: null, closed: true },
      { error: null, closed: true },
    ]);
  }
});
