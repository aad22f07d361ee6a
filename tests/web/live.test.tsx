// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isChartName } from "../../web/charts/board-charts.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { fundTable, monthTable } from "../../web/charts/board-tables.ts";
import { calmly } from "../../web/client/calmly.ts";
import { drawChartTexts } from "../../web/client/chart-texts.ts";
import { drawTable } from "../../web/client/draw-table.ts";
import { drawTexts } from "../../web/client/draw-texts.ts";
import { follow } from "../../web/client/live.ts";
import { lookAgain } from "../../web/client/look-again.ts";
import { BoardPage } from "../../web/pages/board.tsx";
import { ThanksPage, type ThanksState } from "../../web/pages/thanks.tsx";
import { board, boardAround, families, familiesTotal, frame, months, total, totals } from "./story.ts";
import { html, render, rows, texts } from "./render.ts";

/** The dashboard before, and after one more gift of $50.00, a new fund and a payment that arrives. */
const before = board({ funds: [familiesTotal], all: { ...totals().all, otherCurrencies: [] } });
const after = board(
  {
    asOf: new Date("2026-11-21T19:07:00Z"),
    funds: [
      { ...familiesTotal, ...total(2141100n, 15000n, { gifts: 613, donors: 196, unnamedGifts: 14, supporters: 232 }) },
      { ...total(30000n, 0n, { donors: 6, supporters: 6 }), slug: "youth", name: "Youth fund", public: false },
    ],
    unassigned: total(0n, 0n),
    all: total(2171100n, 15000n, {
      gifts: 619,
      donors: 202,
      unnamedGifts: 14,
      supporters: 238,
      arriving: { payments: 1, amountMinor: 900n },
    }),
  },
  [...months, { month: "2021-04", fund: "families", givenMinor: 5000n, returnedMinor: 0n }],
);

const open = async (data: BoardData) => {
  document.documentElement.innerHTML = (
    await render(<BoardPage {...boardAround} data={data} />)
  ).documentElement.innerHTML;
};
const everything = (root: ParentNode) => ({
  figures: texts(root, ".figure .value"),
  notes: texts(root, ".figure .note"),
  status: texts(root, ".proof"),
  funds: rows(root, "#funds"),
  months: rows(root, "#by-month-table"),
  labels: [...root.querySelectorAll("canvas")].map((canvas) => canvas.getAttribute("aria-label")),
});

afterEach(() => vi.unstubAllGlobals());

it("a dashboard that was brought up to date says the same as one loaded anew", async () => {
  await open(before);
  drawTexts(document, after);
  drawTable(document, "funds", fundTable(after));
  for (const canvas of document.querySelectorAll<HTMLElement>("canvas[data-chart]")) {
    const { chart = "" } = canvas.dataset;
    const figure = canvas.closest("figure");
    if (figure !== null && isChartName(chart)) drawChartTexts(figure, chart, after);
  }
  expect(everything(document)).toEqual(everything(await render(<BoardPage {...boardAround} data={after} />)));
});

it("bringing it up to date touches only what changed, so that focus and reading place stay", async () => {
  await open(before);
  const link = document.querySelector<HTMLElement>("#funds tbody a");
  link?.focus();
  const unchanged = document.querySelector("#by-month-table [data-row='2020-12']");
  drawTable(document, "funds", fundTable(after));
  drawTable(document, "by-month-table", monthTable(after));
  expect(document.activeElement).toBe(link);
  expect(document.querySelector("#by-month-table [data-row='2020-12']")).toBe(unchanged);
  const changed = [...document.querySelectorAll("#funds tbody tr:has(.fresh)")];
  expect(changed.map((row) => row.getAttribute("data-row"))).toEqual(["fund-families", "unassigned"]);
  const drawn = document.querySelector("#funds")?.innerHTML;
  drawTable(document, "funds", fundTable(after));
  expect(document.querySelector("#funds")?.innerHTML).toBe(drawn);
});

it("a name from outside is written as text when a row is drawn anew", async () => {
  await open(before);
  const evil = {
    ...after,
    funds: after.funds.map((fund) => ({ ...fund, slug: "x", name: "<img src=x onerror=alert(1)>" })),
  };
  drawTable(document, "funds", fundTable(evil));
  expect(document.querySelector("#funds img")).toBeNull();
});

class Events extends EventTarget {
  static readonly CLOSED = 2;
  static last: Events;
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Events.last = this;
  }
  close(): void {
    this.readyState = Events.CLOSED;
  }
}

it("many events in a moment are one look at the figures, and the last is never lost", async () => {
  vi.useFakeTimers();
  const fetched = vi.fn(async () => Response.json({ answer: fetched.mock.calls.length }));
  vi.stubGlobal("EventSource", Events);
  vi.stubGlobal("fetch", fetched);
  const seen: unknown[] = [];
  const states: string[] = [];
  const stop = follow({
    events: "/board/live",
    totals: "/board/totals.json?from=2021-01-01",
    everyMs: 1_000,
    onData: (data) => seen.push(data),
    onState: (state) => states.push(state),
  });
  expect(Events.last.url).toBe("/board/live");
  Events.last.dispatchEvent(new Event("open"));
  for (let gift = 0; gift < 50; gift++) Events.last.dispatchEvent(new Event("totals"));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fetched.mock.calls.map(([url]: unknown[]) => url)).toEqual(
    Array(2).fill("/board/totals.json?from=2021-01-01"),
  );
  expect(seen).toEqual([{ answer: 1 }, { answer: 2 }]);
  Events.last.dispatchEvent(new Event("error"));
  stop();
  Events.last.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(states).toEqual(["on", "off"]);
  expect(fetched).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});

it("who leaves breaks off the look under way, so that nothing is asked for after signing out", async () => {
  let leaving: AbortSignal | undefined;
  const fetched = vi.fn(async (_url: string, options: RequestInit) => {
    leaving = options.signal ?? undefined;
    return await new Promise<Response>(() => undefined);
  });
  vi.stubGlobal("EventSource", Events);
  vi.stubGlobal("fetch", fetched);
  const nothing = () => undefined;
  const leave = follow({ events: "/live", totals: "/totals", everyMs: 1_000, onData: nothing, onState: nothing });
  Events.last.dispatchEvent(new Event("totals"));
  expect([fetched.mock.calls.length, leaving?.aborted]).toEqual([1, false]);
  leave();
  expect(leaving?.aborted).toBe(true);
});

it("where the server sends no events, the figures are asked for every 15 seconds, until they are refused", async () => {
  vi.useFakeTimers();
  const statuses = [200, 503, 200, 403];
  const fetched = vi.fn(async () => Response.json({}, { status: statuses[fetched.mock.calls.length - 1] ?? 200 }));
  vi.stubGlobal("EventSource", Events);
  vi.stubGlobal("fetch", fetched);
  const seen: unknown[] = [];
  const states: string[] = [];
  follow({
    events: "/board/live",
    totals: "/board/totals.json",
    everyMs: 1_000,
    onData: (data) => seen.push(data),
    onState: (state) => states.push(state),
  });
  Events.last.close();
  Events.last.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(14_000);
  expect([fetched.mock.calls.length, states]).toEqual([1, ["on"]]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(states).toEqual(["on", "off", "on", "closed"]);
  expect([fetched.mock.calls.length, seen.length]).toEqual([4, 2]);
  vi.useRealTimers();
});

it("news is told at most every ten seconds, and the last is never lost", () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const tell = calmly(10_000, (news: string) => told.push(news));
  for (const news of ["a", "b", "c"]) tell(news);
  expect(told).toEqual(["a"]);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(["a", "c"]);
  vi.useRealTimers();
});

const paid: ThanksState = { state: "paid", total: { amountMinor: 5000n, currency: "CAD" } };
const booked: ThanksState = {
  state: "booked",
  currency: "CAD",
  gifts: [
    {
      amountMinor: 5000n,
      repeats: null,
      fund: { slug: families.slug, name: families.name, raisedMinor: 2126100n, donors: 196, unnamedGifts: 14 },
    },
  ],
  sales: [],
  shippingMinor: 0n,
  returnedMinor: 0n,
};
const thanks = (outcome: ThanksState) => html(<ThanksPage frame={frame} path="/thanks/cs_1" outcome={outcome} />);

it("a thank-you page that waits looks again by itself until the gift is recorded, then stops", async () => {
  vi.useFakeTimers();
  const answers = [thanks(paid), "away", thanks(booked)];
  const fetched = vi.fn(async () => {
    const answer = answers[fetched.mock.calls.length - 1] ?? "";
    return answer === "away" ? new Response("", { status: 503 }) : new Response(answer);
  });
  vi.stubGlobal("fetch", fetched);
  document.documentElement.innerHTML = (await render(thanks(paid))).documentElement.innerHTML;
  lookAgain(document, [1_000, 1_000, 1_000, 1_000, 1_000]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetched).toHaveBeenCalledTimes(3);
  expect(texts(document, "main")[0]).toContain("Your gift of $50.00 to Families fund is recorded.");
  expect(document.querySelector("[data-look-again]")).toBeNull();
  vi.useRealTimers();
});

beforeEach(() => {
  vi.useRealTimers();
});
