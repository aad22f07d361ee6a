import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { emptyDeliveries, listOldDeliveries } from "../db/inbox.ts";
import { withoutPersons } from "../stripe/personal.ts";

/** Read and written at once; most bodies have 5 kB, but each may have 1 MiB. */
const batchMax = 50;

/** Batches of one call, so that other work of the same minute is not kept waiting. */
const batchesMax = 40;

export type OldDeliveryJob = {
  /**
   * Takes what names persons out of deliveries that are older than they are kept word for word. To be called every minute; once
   * all were looked at it does nothing for a day. @throws when the database is away
   */
  once: () => Promise<void>;
};

export function createOldDeliveryJob({ sql, keepDays, log }: { sql: Sql; keepDays: number; log: Log }): OldDeliveryJob {
  return {
    async once() {
      let emptied = 0;
      for (let batch = 0; batch < batchesMax; batch += 1) {
        const old = await listOldDeliveries(sql, keepDays, batchMax);
        if (old.length === 0) break;
        emptied += await emptyDeliveries(
          sql,
          old.map(({ inboxId, body }) => ({ inboxId, body: withoutPersons(body) })),
        );
      }
      if (emptied > 0) log("info", "old deliveries lost what they said of persons", { deliveries: emptied });
    },
  };
}
