import { setTimeout as sleep } from "node:timers/promises";
import { openViewer, type Viewer } from "../tests/http/viewer.ts";

/** What the parent asks of this process: so many viewers at once, each signed in, and later what they see, or that they leave. */
export type ViewerOrder =
  | { order: "come"; address: string; cookie: string; viewers: number }
  | { order: "say" }
  | { order: "leave" };

export type ViewerReport = {
  /** What stands on their screens, and on how many of them. */
  shown: { gifts: number; givenMinor: number; donors: number; viewers: number }[];
  /** How long their questions for figures took. */
  waits: number[];
};

let viewers: Viewer[] = [];

process.on("message", (order: ViewerOrder) => {
  void obey(order).then((report) => process.send?.(report));
});

async function obey(order: ViewerOrder): Promise<ViewerReport> {
  switch (order.order) {
    case "come":
      await come(order);
      break;
    case "leave":
      await Promise.all(viewers.map(async (viewer) => await viewer.leave()));
      viewers = [];
      break;
    case "say":
  }
  return report();
}

/** One after the other, as people come. */
async function come({ address, cookie, viewers: count }: Extract<ViewerOrder, { order: "come" }>): Promise<void> {
  const ask = async (path: string, signal: AbortSignal): Promise<Response> =>
    await fetch(`${address}${path}`, { headers: { cookie, accept: "application/json" }, signal });
  for (let viewer = 0; viewer < count; viewer += 1) {
    viewers.push(await openViewer(ask));
    await sleep(5);
  }
}

function report(): ViewerReport {
  const screens = new Map<string, number>();
  for (const viewer of viewers) {
    const { gifts = 0, givenMinor = 0, donors = 0 } = viewer.shown()?.all ?? {};
    const screen = JSON.stringify({ gifts, givenMinor, donors });
    screens.set(screen, (screens.get(screen) ?? 0) + 1);
  }
  return {
    shown: [...screens].map(([screen, count]) => ({
      ...(JSON.parse(screen) as { gifts: number; givenMinor: number; donors: number }),
      viewers: count,
    })),
    waits: viewers.flatMap((viewer) => viewer.waits()),
  };
}
