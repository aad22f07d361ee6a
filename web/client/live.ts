import { calmly } from "./calmly.ts";

/** Where the server sends no events, the figures are asked for this often, while somebody looks at them. */
const pollMs = 15_000;

/** on: figures come; off: they are tried again; closed: the server refuses them, only a reload helps. */
type State = "on" | "off" | "closed";

type Follow = {
  /** Address of the server-sent events; `totals` says that something changed, not what. */
  events: string;
  /** Address of the figures as JSON. */
  totals: string;
  everyMs: number;
  onData: (data: unknown) => void;
  onState: (state: State) => void;
};

/**
 * Follows the server's events and fetches the figures after each, one request at a time and never more than needed. Where
 * there are no events (not every runtime can keep a line open), it asks for the figures now and then.
 * @returns ends it, with the request under way
 */
export function follow({ events, totals, everyMs, onData, onState }: Follow): () => void {
  const source = new EventSource(events);
  let polling: ReturnType<typeof setTimeout> | null = null;
  let busy = false;
  let again = false;
  const leaving = new AbortController();

  const look = async (): Promise<State> => {
    try {
      const answer = await fetch(totals, { headers: { accept: "application/json" }, signal: leaving.signal });
      if (answer.ok) onData(await answer.json());
      return answer.ok ? "on" : answer.status < 500 ? "closed" : "off";
    } catch {
      return "off";
    }
  };

  /** Whether the line is there, the events themselves say, and its return brings the next load. */
  const load = async (): Promise<void> => {
    again = busy;
    if (busy) return;
    busy = true;
    await look();
    busy = false;
    if (!again || leaving.signal.aborted) return;
    again = false;
    ask();
  };
  const ask = calmly<void>(everyMs, () => void load());

  const poll = async (): Promise<void> => {
    const state = document.hidden ? null : await look();
    if (leaving.signal.aborted) return;
    if (state !== null) onState(state);
    if (state !== "closed") polling = setTimeout(() => void poll(), pollMs);
  };

  source.addEventListener("totals", () => ask());
  // The server says `totals` to everyone who connects, so that nothing is missed while a connection is away.
  source.addEventListener("open", () => onState("on"));
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) onState("off");
    else if (!leaving.signal.aborted && polling === null) void poll();
  });
  return () => {
    leaving.abort();
    source.close();
    if (polling !== null) clearTimeout(polling);
  };
}
