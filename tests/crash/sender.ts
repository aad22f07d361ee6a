import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { signed, stripeEvent } from "../stripe-event.ts";
import { webhookSecret, type Place } from "./almonry.ts";

/** What Stripe's side remembers of the gifts it announces. */
export type Sender = {
  /** Events that were answered 2xx, with the cents of each: what Almonry may never lose. */
  acknowledged: Map<string, number>;
  /** How often each status was answered; 0 is a connection that broke. */
  answers: Map<number, number>;
  /** Begins no new events, repeats what was not acknowledged until all is, and ends. */
  finish: () => Promise<void>;
  /** Why it stopped sending, if it did: an answer that no sender should get. */
  failure: () => unknown;
};

/** People who give, each again and again. */
const people = 40;
/** Every so many events one is sent by two connections at once, as Stripe now and then does. */
const twiceEvery = 5;
/** A sender that got no 2xx waits this long before it sends again, where Stripe would wait minutes. */
const pauseMs = 50;

/**
 * Sends gifts from several connections, as fast as they are answered, until told to finish. An event that was not
 * acknowledged is sent again, with a new signature and the same id; one that was acknowledged never is, so that nothing
 * here could repair a loss.
 */
export function startSending({ port }: Place, connections = 6): Sender {
  const acknowledged = new Map<string, number>();
  const answers = new Map<number, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: connections + 2 });
  let count = 0;
  const finishing = new AbortController();

  async function post(event: unknown): Promise<number> {
    const { body, headers } = await signed(event, webhookSecret, new Date());
    const status = await new Promise<number>((resolve) => {
      const sending = request({ port, host: "127.0.0.1", path: "/webhooks/stripe", method: "POST", headers, agent });
      sending.on("error", () => resolve(0));
      sending.on("response", (response) => {
        // An answer counts once it has come whole.
        response.on("error", () => resolve(0));
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      sending.end(body);
    });
    answers.set(status, (answers.get(status) ?? 0) + 1);
    return status;
  }

  async function send(event: { id: string }, cents: number): Promise<void> {
    while (!acknowledged.has(event.id)) {
      const status = await post(event);
      if (status >= 200 && status < 300) acknowledged.set(event.id, cents);
      else if (status === 0 || status === 503) await sleep(pauseMs);
      else throw new Error(`a gift was answered ${status}`);
    }
  }

  async function keepSending(): Promise<void> {
    while (!finishing.signal.aborted) {
      const number = (count += 1);
      const cents = 100 + number;
      const gift = giftEvent(number, cents);
      const ways = number % twiceEvery === 0 ? 2 : 1;
      await Promise.all(Array.from({ length: ways }, async () => await send(gift, cents)));
    }
  }

  const sending = Promise.all(Array.from({ length: connections }, keepSending));
  let failure: unknown = null;
  // Told by finish() and failure(); without this it would end the test run before that.
  sending.catch((reason: unknown) => (failure = reason));
  return {
    acknowledged,
    answers,
    failure: () => failure,
    async finish() {
      finishing.abort();
      await sending;
      agent.destroy();
    },
  };
}

function giftEvent(number: number, cents: number): ReturnType<typeof stripeEvent> {
  return stripeEvent("charge.succeeded", {
    id: `ch_crash${number}`,
    payment_intent: `pi_crash${number}`,
    amount: cents,
    amount_captured: cents,
    metadata: {},
    billing_details: {
      email: `giver${number % people}@example.org`,
      name: null,
      phone: null,
      address: null,
      tax_id: null,
    },
  });
}
