import type { OwnFinding } from "../core/alert.ts";
import type { Log } from "../core/log.ts";
import { listOrganisations, readHouse } from "../db/account.ts";
import { listRecipients, listUntold, tellAlert, type Untold, watchAlerts } from "../db/alert.ts";
import type { Sql } from "../db/connect.ts";
import { listEndpointNeeds, noteEndpoint } from "../db/endpoint.ts";
import { alertMail } from "../mail/alert-mail.ts";
import type { Account } from "../stripe/account.ts";
import { askOwnEndpoint } from "../stripe/own-endpoint.ts";

export type AlertDeps = {
  sql: Sql;
  /** How people reach the service, without a slash at the end: Stripe's endpoints lead there, and so do the mails. */
  baseUrl: string;
  /** The account with its SDK client, or null when its key is not known here. */
  accountById: (id: bigint) => Promise<Account | null>;
  /** What the disk says: a finding, or null when all is well; left out where there is no disk. */
  disk?: () => Promise<OwnFinding | null>;
  /** What requests told of a proxy that the settings do not name: a finding, null for none, "unknown" for not yet. */
  proxy?: () => OwnFinding | null | "unknown";
  /** Whether mail is sent, here or by whoever shares the database. */
  writesMail: boolean;
  log: Log;
  /** Called after mails were queued. */
  onMail?: () => void;
};

/** Looks for what a person has to mend; raises it once, tells of it once, and once more when it is over. */
export type AlertJob = {
  /** One look, to be called every minute. @throws when the database is away */
  once: () => Promise<void>;
};

/** An alert job; it does nothing until it is called. */
export function createAlertJob(deps: AlertDeps): AlertJob {
  const { sql, baseUrl, accountById, disk, proxy, writesMail, log, onMail } = deps;

  /** What Stripe says of the endpoints, once an hour. */
  async function askEndpoints(): Promise<void> {
    for (const { accountId, slug, isFirst } of await listEndpointNeeds(sql)) {
      const account = await accountById(accountId);
      if (account === null) continue;
      const urls = [`${baseUrl}/webhooks/stripe/${slug}`, ...(isFirst ? [`${baseUrl}/webhooks/stripe`] : [])];
      const status = await askOwnEndpoint(account.stripe, urls);
      if (status !== null) await noteEndpoint(sql, accountId, status);
    }
  }

  async function tell(alert: Untold): Promise<void> {
    const recipients = writesMail ? await listRecipients(sql, alert.organisationId) : [];
    const [organisations, { timeZone }] = await Promise.all([listOrganisations(sql), readHouse(sql)]);
    const mails = recipients.map(({ staffId, email }) =>
      alertMail(alert, { staffId, email }, { baseUrl, organisations, timeZone }),
    );
    if (!(await tellAlert(sql, alert, mails))) return;
    const about = { kind: alert.kind, account: alert.subject, mails: mails.length };
    if (alert.isOver) log("info", "what needed a hand is well again", about);
    else log("warn", "something needs a hand; see /desk", about);
    if (mails.length > 0) onMail?.();
  }

  return {
    async once() {
      await askEndpoints();
      const found = { "disk low": (await disk?.()) ?? null, proxy: proxy?.() ?? null };
      const looked: (keyof typeof found)[] = disk === undefined ? [] : ["disk low"];
      if (proxy !== undefined && found.proxy !== "unknown") looked.push("proxy");
      const findings = Object.values(found).filter((finding) => finding !== null && finding !== "unknown");
      await watchAlerts(sql, findings, looked);
      for (const alert of await listUntold(sql)) await tell(alert);
    },
  };
}
