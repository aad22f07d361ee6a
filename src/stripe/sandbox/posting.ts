import Stripe from "stripe";
import type { AccountSettings } from "./settings.ts";
import { eventInVersion, isOlder } from "./rendering.ts";
import type { Change, Kinds, Store } from "./store.ts";
import { thinEvent } from "./thin-event.ts";
import { webhookEndpointsOf } from "./webhook-endpoint.ts";

/** Posts one event to an account's webhook door and says the HTTP status. */
export type Deliver = (account: string, payload: string, signatureHeader: string) => Promise<number>;

export type PostingNeeds = {
  store: Store;
  deliver: Deliver;
  webhookSecret: (account: string) => Promise<string>;
  settings: (account: string) => AccountSettings;
  /** The real time: the door refuses a signature more than five minutes off, whatever the sandbox's clock says. */
  wallClock: () => Date;
};

/** What became of posting an event: taken, refused, or not posted, since the endpoint for it is disabled. */
export type Posted = { outcome: "taken" | "not posted" } | { outcome: "refused"; status: number };

type WebhookEndpoint = Kinds["webhook_endpoint"];

/** Types that came with the newer invoices; endpoints of older versions never get them. */
const isNewerType = (type: string): boolean => type.startsWith("invoice_payment.");

const listensTo = ({ enabled_events: wanted }: WebhookEndpoint, type: string): boolean =>
  wanted.includes("*") || wanted.includes(type);

/** Posts events to the endpoints of their account, signed for each anew. */
export function createPosting({ store, deliver, webhookSecret, settings, wallClock }: PostingNeeds) {
  const known = new Map<string, Promise<WebhookEndpoint[]>>();

  function endpointsOf(account: string): Promise<WebhookEndpoint[]> {
    const asked = known.get(account) ?? webhookEndpointsOf(store, account);
    known.set(account, asked);
    // A database that was away for a moment is asked again the next time.
    asked.catch(() => known.delete(account));
    return asked;
  }

  async function postTo(account: string, endpoint: WebhookEndpoint, event: Stripe.EventBase): Promise<number> {
    const version = endpoint.api_version ?? event.api_version ?? "";
    if (isOlder(version) && isNewerType(event.type)) return 200;
    const told = settings(account).events === "thin" ? thinEvent(event) : eventInVersion(event, version);
    const payload = JSON.stringify(told);
    const timestamp = Math.floor(wallClock().getTime() / 1000);
    const secret = endpoint.hidden?.secret ?? (await webhookSecret(account));
    const header = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
    return await deliver(account, payload, header);
  }

  return {
    /** @throws whatever `deliver` or the store throws */
    async post(account: string, event: Stripe.EventBase): Promise<Posted> {
      const listening = (await endpointsOf(account)).filter((endpoint) => listensTo(endpoint, event.type));
      const enabled = listening.filter(({ status }) => status === "enabled");
      if (enabled.length === 0) return { outcome: listening.length === 0 ? "taken" : "not posted" };
      for (const endpoint of enabled) {
        const status = await postTo(account, endpoint, event);
        if (status < 200 || status >= 300) return { outcome: "refused", status };
      }
      return { outcome: "taken" };
    },
    /** A change that has just been saved may be one of endpoints. */
    notice(change: Change): void {
      for (const { account, kind } of change.entries) if (kind.endsWith("webhook_endpoint")) known.delete(account);
    },
  };
}
