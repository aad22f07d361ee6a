import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BoardData } from "../../web/charts/board-data.ts";
import { signed, stripeEvent } from "../stripe-event.ts";
import { openService, type Service } from "./house.ts";
import { openViewer, type Viewer } from "./viewer.ts";

let service: Service;
let secret: string;
beforeAll(async () => {
  service = await openService();
  secret = await service.sandbox.webhookSecret("main");
});
afterAll(async () => await service.close());

const viewersMany = 20;
const rushes = 6;
const giftsEach = 6;

/** A gift of another amount each, told as Stripe tells it, through the door. */
async function give(number: number): Promise<void> {
  const event = stripeEvent("charge.succeeded", {
    id: `ch_3SVviewer${number}`,
    payment_intent: `pi_3SVviewer${number}`,
    amount: 1000 + number,
    amount_captured: 1000 + number,
    metadata: { fund: "families" },
  });
  const { status } = await service.app.request("/webhooks/stripe", await signed(event, secret, new Date()));
  if (status !== 200) throw new Error(`the door answered ${status}`);
}

const ask = async (path: string, signal?: AbortSignal) =>
  await service.app.request(path, { headers: service.admin.headers, ...(signal && { signal }) });

async function listening(): Promise<number> {
  const [row] = await service.database.sql<{ connections: number }[]>`
    select count(*)::int as connections from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
  return row?.connections ?? -1;
}

describe("many who look at the board while gifts come in", () => {
  it(
    "all end with the figures that the API has, over one connection that listens, and leave nothing behind",
    { timeout: 30_000 },
    async () => {
      let there = 0;
      const subscribe = service.live.subscribe.bind(service.live);
      vi.spyOn(service.live, "subscribe").mockImplementation((viewer) => {
        const unsubscribe = subscribe(viewer);
        there += 1;
        return () => {
          there -= 1;
          return unsubscribe();
        };
      });
      const viewers: Viewer[] = await Promise.all(
        Array.from({ length: viewersMany }, async () => await openViewer(ask)),
      );
      for (let rush = 0; rush < rushes; rush += 1) {
        for (let gift = 0; gift < giftsEach; gift += 1) await give(rush * giftsEach + gift);
        await service.drain.idle();
        await sleep(150);
      }
      const gifts = rushes * giftsEach;
      const api = (await (await ask("/board/totals.json")).json()) as BoardData;
      expect(api.all).toMatchObject({ gifts, givenMinor: gifts * 1000 + (gifts * (gifts - 1)) / 2 });
      await expect
        .poll(() => viewers.map((viewer) => viewer.shown()?.all), { timeout: 8_000 })
        .toEqual(Array.from({ length: viewersMany }, () => api.all));
      // The gifts came within a second or two: nobody was told, or asked, of each of them.
      expect(Math.max(...viewers.map((viewer) => viewer.waits().length))).toBeLessThan(rushes);
      expect([there, await listening()]).toEqual([viewersMany, 1]);

      await Promise.all(viewers.map(async (viewer) => await viewer.leave()));
      expect(there).toBe(0);
      vi.restoreAllMocks();
    },
  );
});
