import type { Log } from "../core/log.ts";
import { mailWaitSeconds } from "../core/mail.ts";
import type { Sql } from "../db/connect.ts";
import { failureCode } from "../db/failure.ts";
import { claimMail, giveUpMail, type MailToSend, noteSent, postponeMail } from "../db/mail.ts";
import type { Mailer } from "../mail/smtp.ts";
import { createBell, pause } from "./bell.ts";

type MailDeps = {
  sql: Sql;
  /** A fresh uuid: the name under which this job leases its mails. */
  owner: string;
  mailer: Mailer;
  /** The host after the @ of every mail's own id, such as `give.example.org`. */
  host: string;
  log: Log;
};

/** Sends what stands in the queue of mails. */
export type MailJob = {
  /** Hands over what is due, one after the other; returns how many it dealt with. @throws when the database is away */
  once(): Promise<number>;
  /** Goes on until `signal` is aborted. Never throws. */
  loop(signal: AbortSignal): Promise<void>;
  /** Says that something may be due now. */
  nudge(): void;
};

const pollMs = 15_000;

/** A mail that a server has put off this often is given up: after about a day. */
const triesMax = 10;

/** How long a server that cannot be reached is left alone. */
const awaySeconds = 60;

/** A mail job; it does nothing until one of its functions is called. */
export function createMailJob({ sql, owner, mailer, host, log }: MailDeps): MailJob {
  const bell = createBell();
  let away: string | null = null;

  /** Sends one mail. @returns whether the next one should be tried now */
  async function send(mail: MailToSend): Promise<boolean> {
    const id = `${mail.id}.${mail.queuedAt.getTime()}@${host}`;
    const handover = await mailer.send({ id, recipient: mail.recipient, subject: mail.subject, body: mail.body });
    const about = { mail: String(mail.id), tries: mail.tries + 1 };
    switch (handover.outcome) {
      case "sent":
        await noteSent(sql, owner, mail.id);
        if (away !== null) log("info", "mail can be sent again");
        away = null;
        return true;
      case "away":
        // Said once, however long it lasts.
        if (away !== handover.reason) log("error", "no mail can be sent", { ...about, reason: handover.reason });
        away = handover.reason;
        await postponeMail(sql, owner, mail.id, { seconds: awaySeconds, error: handover.reason, counts: false });
        return false;
      case "refused":
        return await refused(mail, handover, about);
    }
  }

  async function refused(
    mail: MailToSend,
    { reason, isFinal }: { reason: string; isFinal: boolean },
    about: { mail: string; tries: number },
  ): Promise<true> {
    if (isFinal || mail.tries + 1 >= triesMax) {
      log("error", "a mail was given up; see /desk/alerts", { ...about, reason });
      await giveUpMail(sql, owner, mail.id, reason);
      return true;
    }
    log("warn", "a mail was put off by the mail server", { ...about, reason });
    const seconds = mailWaitSeconds(mail.tries + 1);
    await postponeMail(sql, owner, mail.id, { seconds, error: reason, counts: true });
    return true;
  }

  async function once(): Promise<number> {
    let dealtWith = 0;
    for (let mail = await claimMail(sql, owner); mail !== null; mail = await claimMail(sql, owner)) {
      if (!(await send(mail))) return dealtWith;
      dealtWith += 1;
    }
    return dealtWith;
  }

  return {
    once,
    async loop(signal) {
      while (!signal.aborted) {
        try {
          await once();
          await (away === null ? bell.sleep(pollMs, signal) : pause(awaySeconds * 1000, signal));
        } catch (error) {
          log("error", "the mail job could not go on and tries again", { code: failureCode(error) });
          await pause(pollMs, signal);
        }
      }
    },
    nudge: () => bell.ring(),
  };
}
