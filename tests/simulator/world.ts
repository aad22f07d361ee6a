import Stripe from "stripe";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { createDraw } from "../../src/stripe/sandbox/fault-chance.ts";
import { empty, forgetPayments } from "../charity.ts";
import { openHouse, type House, type Mail } from "../flow/house.ts";
import { openShakyStripe, type ShakyStripe, type Weather } from "./stripe.ts";

/** One Stripe, a house that lives through a history with all its faults, and one that gets its mail afterwards. */
export type World = {
  stripe: ShakyStripe;
  calm: House;
  shaken: House;
  startOver: (weather: Weather) => Promise<void>;
  /** Days go by at Stripe and in the shaken house; none: what was done just now comes to it, or will. */
  pass: (days: number) => Promise<void>;
  /** The events that the shaken house has answered with 200. */
  taken: () => Taken[];
  /** Posts mail to the calm house, signed anew, since the clock has gone on. Answers the statuses. */
  post: (mail: readonly Pick<Mail, "account" | "body">[]) => Promise<number[]>;
  /** The calm house forgets every payment. */
  forget: () => Promise<void>;
  close: () => Promise<void>;
};

type Taken = { id: string; livemode: boolean };

export async function openWorld(): Promise<World> {
  const stripe = openShakyStripe();
  const { sandbox, wallClock } = stripe;
  const side = { sandbox, mail: [], setClock: () => undefined, settle: async () => undefined };
  const calm = await openHouse(side, { now: wallClock });
  const shaken = await openHouse(side, { now: wallClock, fetch: stripe.fetch });
  const [calmOwner, shakenOwner] = [calm, shaken].map(({ ownerUrl }) => openSql(ownerUrl, { max: 1 })) as [Sql, Sql];
  let weather: Weather = { seed: 0, older: 0, books: 1 };
  let draw = createDraw(0);
  let taken = new Map<string, Taken>();
  let [step, news] = [0, 0];
  let begunAt = sandbox.now();

  /** A house that knows of nothing, and has been swept since the history began. */
  async function forget(owner: Sql): Promise<void> {
    await forgetPayments(owner);
    await empty(owner, "stripe_pause undelivered_sweep undelivered_pause sweep_state");
    await owner`insert into sweep_state (account_id, begins_at) select id, ${begunAt} from account`;
  }

  async function door(account: string, body: string, signature: string): Promise<number> {
    const { id, type, livemode } = JSON.parse(body) as Taken & { type: string };
    const status = await shaken.deliver({ account, type, body, signature });
    if (status === 200) taken.set(`${id} ${livemode}`, { id, livemode });
    news += 1;
    return status;
  }

  /** Books or does not; asks Stripe for everything or for what is due, and books its answers now or with what comes next. */
  async function live(): Promise<void> {
    step += 1;
    if (news === 0 || draw("books", step) >= weather.books) return;
    news = 0;
    if (draw("asks all", step) < 0.7) await makeDue(shaken);
    await (draw("books answers", step) < 0.6 ? shaken.book() : shaken.ask());
  }

  return {
    stripe,
    calm,
    shaken,
    async startOver(next) {
      await stripe.startOver(next, door);
      begunAt = sandbox.now();
      await Promise.all([forget(calmOwner), forget(shakenOwner)]);
      [weather, draw, taken, step, news] = [next, createDraw(next.seed), new Map(), 0, 0];
    },
    async pass(days) {
      if (days === 0) await stripe.post();
      await live();
      for (let day = 0; day < days; day += 1) {
        await stripe.passDay();
        await live();
      }
    },
    taken: () => [...taken.values()],
    post: async (mail) =>
      await Promise.all(
        mail.map(async ({ account, body }) => {
          const timestamp = Math.floor(wallClock().getTime() / 1000);
          const needs = { payload: body, secret: await sandbox.webhookSecret(account), timestamp };
          const signature = await Stripe.webhooks.generateTestHeaderStringAsync(needs);
          return await calm.deliver({ account, type: "", body, signature });
        }),
      ),
    forget: async () => await forget(calmOwner),
    async close() {
      await Promise.all([calmOwner.end(), shakenOwner.end()]);
      await Promise.all([calm.close(), shaken.close()]);
    },
  };
}

/** As after a while: no account rests any more, and everything that is to be asked of Stripe is due. */
async function makeDue({ sql }: House): Promise<void> {
  await sql`delete from stripe_pause`;
  await sql`update fetch_need set due_at = now() where due_at < 'infinity'`;
}

/** Books everything. However often Stripe fails, it is asked until it has answered, as long as it does not refuse. */
export async function bookAll(house: House): Promise<void> {
  do {
    await makeDue(house);
    await house.book();
  } while ((await house.sql`select from fetch_need where due_at < 'infinity'`).length > 0);
}

/** Has Stripe asked for everything that is known of it, and books the answers. */
export async function askForEverything(house: House): Promise<void> {
  for (const kind of asked)
    await house.sql`
      insert into fetch_need (account_id, kind, object_id, due_at)
      select account_id, ${kind}, id, now() from ${house.sql(`stripe_${kind}`)}`;
  await bookAll(house);
}

const asked = [
  "charge",
  "payment_intent",
  "checkout_session",
  "refund",
  "customer",
  "invoice",
  "invoice_payment",
  "subscription",
  "dispute",
];
