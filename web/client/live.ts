import { calmly } from "./calmly.ts";

type Follow = {
  /** Address of the server-sent events; `totals` says that something changed, not what. */
  events: string;
  /** Address of the figures as JSON. */
  totals: string;
  everyMs: number;
  onData: (data: unknown) => void;
  /** on: connected; off: the browser is trying again; closed: the server refused, only a reload helps. */
  onState: (state: "on" | "off" | "closed") => void;
};

/** Follows the server's events and fetches the figures after each, one request at a time and never more than needed. */
export function follow({ events, totals, everyMs, onData, onState }: Follow): () => void {
  const source = new EventSource(events);
  let busy = false;
  let again = false;
  const load = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(totals, { headers: { accept: "application/json" } });
      if (answer.ok) onData(await answer.json());
    } catch {
      // The connection is away; the events' own state says so, and its return brings the next load.
    } finally {
      busy = false;
    }
    if (!again) return;
    again = false;
    ask();
  };
  const ask = calmly<void>(everyMs, () => void load());
  source.addEventListener("totals", () => ask());
  // The server says `totals` to everyone who connects, so that nothing is missed while a connection is away.
  source.addEventListener("open", () => onState("on"));
  source.addEventListener("error", () => onState(source.readyState === EventSource.CLOSED ? "closed" : "off"));
  return () => source.close();
}
