import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Live, Viewer } from "../../src/db/live.ts";
import { liveStream } from "../../src/http/live.ts";

const viewers = new Set<Viewer>();
const live: Live = {
  subscribe(viewer) {
    viewers.add(viewer);
    return () => viewers.delete(viewer);
  },
  stop: () => viewers.forEach((viewer) => viewer.ended()),
};
const change = () => viewers.forEach((viewer) => viewer.changed());
const open = () => liveStream(live, () => new Date(), { leastMs: 1000, heartbeatMs: 15_000, unreadMax: 4 });

/** Reads on and on, as a browser does. */
function read(stream: ReadableStream<Uint8Array>): { text: () => string; isOver: () => boolean } {
  let text = "";
  let isOver = false;
  void (async () => {
    for await (const chunk of stream) text += new TextDecoder().decode(chunk);
    isOver = true;
  })();
  return { text: () => text, isOver: () => isOver };
}

const messages = (text: string) => text.split("event: totals").length - 1;

beforeEach(() => {
  viewers.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("a viewer of the board", () => {
  it("hears once at the start, and of many changes in one second once", async () => {
    const viewer = read(open());
    await vi.advanceTimersByTimeAsync(10);
    expect(messages(viewer.text())).toBe(1);
    for (let at = 0; at < 900; at += 10) {
      change();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(messages(viewer.text())).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(messages(viewer.text())).toBe(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(messages(viewer.text())).toBe(2);
  });

  it("hears a comment now and then, so that the line stays open", async () => {
    const viewer = read(open());
    await vi.advanceTimersByTimeAsync(31_000);
    expect(viewer.text().split(": still here").length - 1).toBe(2);
  });

  it("that goes away is forgotten", async () => {
    const stream = open();
    await stream.cancel();
    expect([viewers.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("that does not read is let go, and the others hear on", async () => {
    const stuck = open();
    const reading = read(open());
    for (let at = 0; at < 10; at += 1) {
      change();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(viewers.size).toBe(1);
    expect(messages(reading.text())).toBe(10);
    expect(reading.isOver()).toBe(false);
    await stuck.cancel();
  });

  it("is told when the service stops", async () => {
    const viewer = read(open());
    await vi.advanceTimersByTimeAsync(10);
    live.stop();
    await vi.advanceTimersByTimeAsync(10);
    expect([viewer.isOver(), viewers.size, vi.getTimerCount()]).toEqual([true, 0, 0]);
  });
});
