import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import type { BoardAsked } from "../../src/core/board.ts";
import type { BoardRead } from "../../src/db/board.ts";
import { recordCash } from "../../src/db/cash.ts";
import type { Sql } from "../../src/db/connect.ts";
import type { Live, Viewer } from "../../src/db/live.ts";
import { shareReadings } from "../../src/http/board-reading.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { signIn } from "../staff.ts";
import { openService, type Service } from "./house.ts";

const everything = { organisationId: null, fundId: null, campaignId: null };
const asked: BoardAsked = {
  place: everything,
  period: { from: null, to: null },
  currency: "CAD",
  today: "2026-11-21",
  before: null,
  samePoint: null,
  compared: null,
};

/** Readings that end when they are told to, each with an answer of its own, and changes that are told by hand. */
function openReadings() {
  const viewers = new Set<Viewer>();
  const live: Live = {
    subscribe(viewer) {
      viewers.add(viewer);
      return () => viewers.delete(viewer);
    },
    stop: () => undefined,
  };
  const running: { end: () => void; fail: () => void }[] = [];
  let clock = 0;
  const read = shareReadings(
    async () =>
      await new Promise<BoardRead>((resolve, reject) => {
        const answer = { number: running.length + 1 } as unknown as BoardRead;
        running.push({ end: () => resolve(answer), fail: () => reject(new Error("the database is away")) });
      }),
    live,
    () => new Date(clock),
  );
  return {
    ask: async (question = asked): Promise<number> => ((await read(question)) as unknown as { number: number }).number,
    begun: () => running.length,
    end: (place: number) => running[place - 1]?.end(),
    fail: (place: number) => running[place - 1]?.fail(),
    change: () => viewers.forEach((viewer) => viewer.changed()),
    pass: (ms: number) => void (clock += ms),
  };
}

const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

describe("one reading for many", () => {
  it("is what all get who ask the same at once, and within a second", async () => {
    const { ask, begun, end, pass } = openReadings();
    const answers = Array.from({ length: 50 }, async () => await ask());
    end(1);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([1]));
    pass(999);
    expect([await ask(), begun()]).toEqual([1, 1]);
    pass(1);
    const later = ask();
    end(2);
    expect(await later).toBe(2);
  });

  it("is another one for another place, period, currency or comparison", async () => {
    const { ask, begun } = openReadings();
    const span = { from: "2026-01-01", to: "2026-01-31" };
    const questions: BoardAsked[] = [
      asked,
      { ...asked, place: { ...everything, organisationId: 1n } },
      { ...asked, place: { ...everything, fundId: 1n } },
      { ...asked, place: { ...everything, campaignId: 1n } },
      { ...asked, period: span },
      { ...asked, currency: "USD" },
      { ...asked, today: "2026-11-22" },
      { ...asked, compared: { with: "previous", place: everything, ...span, own: span } },
    ];
    for (const question of questions) void ask(question);
    expect(begun()).toBe(questions.length);
  });

  it("is never kept over a change, even one that was told while it was under way", async () => {
    const { ask, begun, end, change } = openReadings();
    const before = ask();
    change();
    const after = [ask(), ask()];
    expect(begun()).toBe(1);
    end(1);
    expect(await before).toBe(1);
    await turn();
    expect(begun()).toBe(2);
    const joined = ask();
    end(2);
    expect(await Promise.all([...after, joined])).toEqual([2, 2, 2]);
    change();
    const last = ask();
    end(3);
    expect(await last).toBe(3);
  });

  it("that failed is told to those who wait for it, and is made again for the next one", async () => {
    const { ask, end, fail } = openReadings();
    const failed = [ask(), ask()];
    fail(1);
    for (const each of await Promise.allSettled(failed)) expect(each.status).toBe("rejected");
    const next = ask();
    end(2);
    expect(await next).toBe(2);
  });
});

describe("the board of many viewers", () => {
  let service: Service;
  let readings = 0;
  let app: Service["app"];
  const ids: Record<string, bigint> = {};

  beforeAll(async () => {
    service = await openService();
    const { sql } = service.deps;
    for (const { slug, id } of await sql<{ slug: string; id: bigint }[]>`
      select slug::text as slug, id from organisation union all select slug, id from fund`)
      ids[slug] = id;
    app = createApp({ ...service.deps, sql: counting(sql) });
    await give("1", "families", 1000n);
    await give("2", "general", 200n);
  });
  afterAll(async () => await service.close());

  /** The same pool, which counts how often a board is read. */
  const counting = (sql: Sql): Sql =>
    new Proxy(sql, {
      apply(target, self, given: Parameters<Sql>) {
        if (String(given[0][0]).startsWith("select board(")) readings++;
        return Reflect.apply(target, self, given);
      },
    });
  /** Books a gift, and waits until this process was told of it. */
  const give = async (request: string, fund: string, amountMinor: bigint): Promise<void> => {
    const told = new Promise<void>((resolve) => {
      const leave = service.live.subscribe({ changed: () => (leave(), resolve()), ended: () => undefined });
    });
    const nobody = { organisation: null, currency: null, note: null, email: null, person: null, name: null };
    await recordCash(service.deps.sql, { ...nobody, request, fund, amountMinor, day: "2021-02-03" });
    await told;
  };
  const look = async (headers: Record<string, string>, query = ""): Promise<BoardData> =>
    (await (await app.request(`/board/totals.json${query}`, { headers })).json()) as BoardData;

  it("is read once for fifty who look at once", async () => {
    const { headers } = service.admin;
    readings = 0;
    const all = await Promise.all(Array.from({ length: 50 }, async () => await look(headers)));
    expect([readings, new Set(all.map((data) => data.all.raisedMinor))]).toEqual([1, new Set([1200])]);
  });

  it("has a gift in the next answer once it was told of", async () => {
    const { headers } = service.admin;
    await look(headers);
    await give("3", "families", 50n);
    expect((await look(headers)).all.raisedMinor).toBe(1250);
  });

  it("is each one's own: nobody gets another place's answer, or any without being allowed to", async () => {
    const held = (fund: string | null) => [
      { role: "board" as const, organisationId: ids["house"] ?? 0n, fundId: fund === null ? null : (ids[fund] ?? 0n) },
    ];
    const [ofHouse, ofFund] = await Promise.all([
      signIn(service.deps.sql, held(null)),
      signIn(service.deps.sql, held("general")),
    ]);
    const answers = await Promise.all([
      look(service.admin.headers),
      look(ofHouse.headers),
      look(ofFund.headers),
      look(ofFund.headers, "?organisation=house&fund=families"),
      look({}),
    ]);
    expect(answers.slice(0, 3).map(({ within, all }) => [within?.organisation, within?.fund, all.raisedMinor])).toEqual(
      [
        [undefined, undefined, 1250],
        ["house", null, 1250],
        ["house", "general", 200],
      ],
    );
    expect(answers.slice(3)).toMatchObject([{ error: { code: "not-found" } }, { error: { code: "sign-in-first" } }]);
  });

  it("is read for each request where nobody tells of changes", async () => {
    app = createApp({ ...service.deps, sql: counting(service.deps.sql), live: null });
    readings = 0;
    await Promise.all([look(service.admin.headers), look(service.admin.headers)]);
    expect(readings).toBe(2);
  });
});
