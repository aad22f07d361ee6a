import type { Log } from "../core/log.ts";
import type { Sql } from "./connect.ts";

/** Tells when numbers may have changed. */
export type Live = {
  /** Calls `viewer` after every change until the returned function is called; never more than once a moment for one change. */
  subscribe(viewer: () => void): () => void;
  /** Ends the connection; viewers hear nothing more. */
  stop(): Promise<void>;
};

/** The channel on which `drain` says that it stored something. */
const channel = "almonry";

/**
 * One connection that listens for what the drain stores, for any number of viewers in this process. When the connection
 * breaks, the driver makes a new one and all viewers are told, since a change may have been missed in between.
 */
export async function openLive(sql: Sql, log: Log): Promise<Live> {
  const viewers = new Set<() => void>();
  let isFirst = true;
  const tell = (): void => {
    for (const viewer of viewers) viewer();
  };
  const listening = await sql.listen(channel, tell, () => {
    if (!isFirst) log("warn", "listening for changes again after the connection broke");
    isFirst = false;
    tell();
  });
  return {
    subscribe(viewer) {
      viewers.add(viewer);
      return () => viewers.delete(viewer);
    },
    async stop() {
      viewers.clear();
      await listening.unlisten();
    },
  };
}
