import type { BoardData } from "../../web/charts/board-data.ts";
import { calmly } from "../../web/client/calmly.ts";

/** Somebody who looks at the board: as `web/client/live.ts` does, without the page. */
export type Viewer = {
  /** What stands on their screen; null before the first figures came. */
  shown: () => BoardData | null;
  /** How long each answer with figures took, in milliseconds. */
  waits: () => readonly number[];
  /** Closes the page: the line, and the question under way. */
  leave: () => Promise<void>;
};

type Ask = (path: string, signal: AbortSignal) => Promise<Response>;

/** A browser of ours asks no more often. */
const everyMs = 1_000;

/**
 * Follows `/board/live` and asks for the figures after each event, one request at a time and never more than needed.
 * @param ask answers an address of the service for this viewer, who is signed in
 */
export async function openViewer(ask: Ask): Promise<Viewer> {
  const leaving = new AbortController();
  const { signal } = leaving;
  let shown: BoardData | null = null;
  const waits: number[] = [];
  let busy = false;
  let again = false;

  const look = async (): Promise<void> => {
    const since = performance.now();
    const answer = await ask("/board/totals.json", signal);
    if (!answer.ok) throw new Error(`the figures answered ${answer.status}`);
    shown = (await answer.json()) as BoardData;
    waits.push(performance.now() - since);
  };
  const load = async (): Promise<void> => {
    again = busy;
    if (busy) return;
    busy = true;
    await look().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    busy = false;
    if (!again || signal.aborted) return;
    again = false;
    calm();
  };
  const calm = calmly<void>(everyMs, () => void load());

  const line = await ask("/board/live", signal);
  if (!line.ok || line.body === null) throw new Error(`the line of events answered ${line.status}`);
  const reader = line.body.getReader();
  const heard = hear(reader, () => calm()).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    shown: () => shown,
    waits: () => waits,
    async leave() {
      leaving.abort();
      await reader.cancel().catch(() => undefined);
      await heard;
    },
  };
}

async function hear(reader: ReadableStreamDefaultReader<Uint8Array>, changed: () => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const messages = `${text}${decoder.decode(value, { stream: true })}`.split("\n\n");
    text = messages.pop() ?? "";
    if (messages.some((message) => message.startsWith("event: totals"))) changed();
  }
}
