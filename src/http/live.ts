import type { Live } from "../db/live.ts";

/** How often a viewer hears at most, how often it hears at least, and how many messages it may leave unread. */
export type Pace = { leastMs: number; heartbeatMs: number; unreadMax: number };

const usualPace: Pace = { leastMs: 1_000, heartbeatMs: 15_000, unreadMax: 8 };

/**
 * A stream of server-sent events that says when numbers may have changed: `event: totals`, its data the moment. The
 * viewer asks for the numbers it shows. Changes that come close together are one message; a comment now and then keeps
 * the line open through proxies; a viewer that does not read is let go, and its browser connects again.
 */
export function liveStream(live: Live, now: () => Date, pace: Pace = usualPace): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let waiting: ReturnType<typeof setTimeout> | null = null;
        let quietUntil = 0;
        const close = (): void => {
          stop();
          controller.close();
        };
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) <= 0) return close();
          controller.enqueue(encoder.encode(text));
        };
        const sendChange = (): void => {
          waiting = null;
          quietUntil = now().getTime() + pace.leastMs;
          send(`event: totals\ndata: ${now().toISOString()}\n\n`);
        };
        const changed = (): void => {
          waiting ??= setTimeout(sendChange, Math.max(0, quietUntil - now().getTime()));
        };
        const heartbeat = setInterval(() => send(": still here\n\n"), pace.heartbeatMs);
        const unsubscribe = live.subscribe({ changed, ended: close });
        stop = () => {
          clearInterval(heartbeat);
          if (waiting !== null) clearTimeout(waiting);
          unsubscribe();
        };
        // Whoever connects again may have missed something in between.
        send("retry: 3000\n\n");
        changed();
      },
      cancel() {
        stop();
      },
    },
    new CountQueuingStrategy({ highWaterMark: pace.unreadMax }),
  );
}
