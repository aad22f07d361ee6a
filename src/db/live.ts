import type { Log } from "../core/log.ts";
import type { Sql } from "./connect.ts";

/** Somebody who wants to hear of changes. */
export type Viewer = { changed: () => void; ended: () => void };

/** Tells when numbers may have changed. */
export type Live = {
  /** Tells the viewer of every change until the returned function is called. */
  subscribe(viewer: Viewer): () => void;
  /** Tells every viewer that it is over. The connection ends with the pool. */
  stop(): void;
};

/** The channel on which `drain` says that it stored something. */
const channel = "almonry";

/**
 * One connection that listens for what the drain stores, for any number of viewers in this process. When the connection
 * breaks, the driver makes a new one and all viewers are told, since a change may have been missed in between.
 */
export async function openLive(sql: Sql, log: Log): Promise<Live> {
  const viewers = new Set<Viewer>();
  let isFirst = true;
  const tell = (): void => {
    for (const viewer of viewers) viewer.changed();
  };
  await sql.listen(channel, tell, () => {
    if (!isFirst) log("warn", "listening for changes again after the connection broke");
    isFirst = false;
    tell();
  });
  return {
    subscribe(viewer) {
      viewers.add(viewer);
      return () => viewers.delete(viewer);
    },
    stop() {
      for (const viewer of viewers) viewer.ended();
      viewers.clear();
    },
  };
}
