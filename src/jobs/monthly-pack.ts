import type { Log } from "../core/log.ts";
import { listOrganisations } from "../db/account.ts";
import type { Sql } from "../db/connect.ts";
import { failureCode } from "../db/failure.ts";
import type { NewPack } from "../db/pack.ts";
import { type DuePack, listDuePacks, listPackRecipients, sendMonthlyPack } from "../db/pack-link.ts";
import { packMail } from "../mail/pack-mail.ts";

/** A pack that is ready to be stored, and what its link will show. */
export type PreparedPack = { pack: NewPack; shared: object };

export type MonthlyPackDeps = {
  sql: Sql;
  /** How people reach the service, without a slash at the end. */
  baseUrl: string;
  /** Reads what a pack keeps: the pages know how. */
  prepare: (sql: Sql, due: DuePack, at: Date) => Promise<PreparedPack>;
  now: () => Date;
  log: Log;
  /** Called after mails were queued. */
  onMail?: () => void;
};

/** Makes the pack of each month where that is switched on, and sends it to the board. */
export type MonthlyPackJob = {
  /** Makes what is due, once each; to be called every hour. @throws when the database is away */
  once: () => Promise<void>;
};

/** How long the link of a mail works, in days: until the next one comes. */
const linkDays = 30;

/** As whom packs are made that nobody asked for at that moment. */
const service = { id: "service", name: "Almonry" };

/** The job; it does nothing until it is called. To be made only where mail is written. */
export function createMonthlyPackJob({ sql, baseUrl, prepare, now, log, onMail }: MonthlyPackDeps): MonthlyPackJob {
  async function send(due: DuePack): Promise<void> {
    const at = now();
    const [{ pack, shared }, recipients, organisations] = await Promise.all([
      prepare(sql, due, at),
      listPackRecipients(sql, due),
      listOrganisations(sql),
    ]);
    const number = await sendMonthlyPack(sql, service, {
      pack,
      link: { days: linkDays, shared, at },
      mailsOf: (token) =>
        recipients.map((recipient) =>
          packMail({ ...due, place: pack.place }, recipient, { baseUrl, token, organisations }),
        ),
    });
    if (number === null) return;
    log("info", "the pack of a month was made and goes to the board", {
      pack: String(number),
      mails: recipients.length,
    });
    if (recipients.length > 0) onMail?.();
  }

  return {
    async once() {
      for (const due of await listDuePacks(sql, now())) {
        try {
          await send(due);
        } catch (error) {
          // One place that cannot be read does not keep the others from their packs.
          log("error", "the pack of a month could not be made and is tried again", {
            month: due.month,
            organisation: String(due.organisationId),
            code: failureCode(error),
          });
        }
      }
    },
  };
}
