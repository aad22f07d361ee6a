import Stripe from "stripe";
import { Refusal } from "../../src/stripe/sandbox/error.ts";
import type { House } from "../flow/house.ts";
import type { Deed, HoldEnd, InstalmentEnd, PromiseEnd } from "./histories.ts";

/** Plays a history at Stripe, through the forms of `house`; `pass` makes days go by. What Stripe refuses is passed over. */
export async function play(house: House, deeds: readonly Deed[], pass: (days: number) => Promise<void>): Promise<void> {
  const stripe = await house.stripe("first");
  for (const deed of deeds) {
    await refusedOrDone(async () => await doOne({ house, stripe }, deed));
    await pass(deed.kind === "days" ? deed.days : 0);
  }
}

type Stage = { house: House; stripe: Stripe };
type Doers = { [Kind in Deed["kind"]]: (stage: Stage, deed: Extract<Deed, { kind: Kind }>) => Promise<unknown> };

async function doOne(stage: Stage, deed: Deed): Promise<void> {
  const does = doers[deed.kind] as (stage: Stage, deed: Deed) => Promise<unknown>;
  await does(stage, deed);
}

const all = { limit: 100 };

const doers: Doers = {
  gift: async ({ house }, { fund, person, card }) =>
    await house.payFor(`/funds/${fund}/give`, { ...who(person), amount: "2500" }, card),
  monthly: async ({ house }, { person, card }) =>
    await house.payFor("/funds/families/give", { ...who(person), amount: "2500", every: "month" }, card),
  basket: async ({ house }, { person, pins, gift }) =>
    await house.payFor("/campaigns/shop/order", {
      ...who(person),
      "q.pin.only": `${pins}`,
      ...(gift ? { gift: "5000" } : {}),
    }),
  elsewhere: async ({ stripe }, { currency, isHeld, words, email }) =>
    await stripe.paymentIntents.create({
      amount: 3000,
      currency,
      capture_method: isHeld ? "manual" : "automatic_async",
      confirm: true,
      description: words,
      payment_method: "pm_card_visa",
      ...(email ? { receipt_email: who(0).email } : {}),
    }),
  async refund({ stripe }, { of, share }) {
    const charge = pick(await paidCharges(stripe), of);
    const amount = Math.max(1, Math.floor((charge.amount_captured - charge.amount_refunded) * share));
    await stripe.refunds.create({ charge: charge.id, amount });
  },
  "refund fails": async ({ house, stripe }, { of }) =>
    await house.sandbox.failRefund("first", pick(await refundsOnTheWay(stripe), of).id),
  async dispute({ house, stripe }, { of, outcomes }) {
    const charge = pick(await paidCharges(stripe), of);
    const { id } = await house.sandbox.dispute("first", charge.id, { reason: "fraudulent" });
    for (const outcome of outcomes) await house.sandbox.decideDispute("first", id, outcome);
  },
  correction: async ({ stripe }, { of, fund }) =>
    await stripe.charges.update(pick((await stripe.charges.list(all)).data, of).id, { metadata: { fund } }),
  promise: async (stage, { of, becomes }) => {
    const { data } = await stage.stripe.subscriptions.list({ ...all, status: "all" });
    return await promiseEnds[becomes](stage, pick(data, of));
  },
  instalment: async (stage, { of, becomes }) => {
    const { data } = await stage.stripe.invoices.list({ ...all, status: "open" });
    return await instalmentEnds[becomes](stage, pick(data, of).id);
  },
  hold: async ({ stripe }, { of, becomes }) => {
    const { data } = await stripe.paymentIntents.list(all);
    const held = pick(
      data.filter(({ status }) => status === "requires_capture"),
      of,
    );
    return await holdEnds[becomes](stripe, held.id);
  },
  async "new address"({ stripe }, { of, person }) {
    const { email, name } = who(person);
    await stripe.customers.update(pick((await stripe.customers.list(all)).data, of).id, { email, name });
  },
  forgotten: async ({ stripe }, { of }) =>
    await stripe.customers.del(pick((await stripe.customers.list(all)).data, of).id),
  moves: async ({ house }, { type, amount }) => await house.sandbox.move("first", { type, amount }),
  async "paid out"({ house }, { fails }) {
    const payout = await house.sandbox.payOut("first");
    if (payout !== null && fails) await house.sandbox.failPayout("first", payout.id);
  },
  days: async () => undefined,
};

const promiseEnds: Record<PromiseEnd, (stage: Stage, promise: Stripe.Subscription) => Promise<unknown>> = {
  ending: async ({ stripe }, { id }) => await stripe.subscriptions.update(id, { cancel_at_period_end: true }),
  "going on": async ({ stripe }, { id }) => await stripe.subscriptions.update(id, { cancel_at_period_end: false }),
  ended: async ({ stripe }, { id }) => await stripe.subscriptions.cancel(id),
  "paid by another card": async ({ house }, { id }) => await house.sandbox.setCard("first", id, "domestic"),
  more: async ({ stripe }, { id, items }) => {
    const [item] = items.data;
    if (item === undefined) throw nothing;
    const twice = [{ id: item.id, quantity: (item.quantity ?? 1) + 1 }];
    return await stripe.subscriptions.update(id, { items: twice, proration_behavior: "none" });
  },
};

const instalmentEnds: Record<InstalmentEnd, (stage: Stage, invoice: string) => Promise<unknown>> = {
  void: async ({ stripe }, invoice) => await stripe.invoices.voidInvoice(invoice),
  "given up": async ({ stripe }, invoice) => await stripe.invoices.markUncollectible(invoice),
  "paid in cash": async ({ stripe }, invoice) => await stripe.invoices.pay(invoice, { paid_out_of_band: true }),
  "paid in part": async ({ house }, invoice) => await house.sandbox.payPart("first", invoice, 1000, "domestic"),
};

const holdEnds: Record<HoldEnd, (stripe: Stripe, intent: string) => Promise<unknown>> = {
  captured: async (stripe, intent) => await stripe.paymentIntents.capture(intent),
  "captured in part": async (stripe, intent) =>
    await stripe.paymentIntents.capture(intent, { amount_to_capture: 1000 }),
  "let go": async (stripe, intent) => await stripe.paymentIntents.cancel(intent),
};

const who = (person: number): { email: string; name: string; show: string } => ({
  email: `person${person}@example.org`,
  name: `Person ${person}`,
  show: person % 2 === 0 ? "name" : "nothing",
});

async function paidCharges(stripe: Stripe): Promise<Stripe.Charge[]> {
  const { data } = await stripe.charges.list(all);
  return data.filter((charge) => charge.status === "succeeded");
}

async function refundsOnTheWay(stripe: Stripe): Promise<Stripe.Refund[]> {
  const { data } = await stripe.refunds.list(all);
  return data.filter(({ status }) => status === "pending" || status === "succeeded");
}

/** There is none of what a deed is about. */
const nothing = new Refusal(404, { type: "invalid_request_error", message: "there is nothing to do this with" });

/** One of them, by a random number. @throws Refusal when there is none */
function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % Math.max(1, items.length)];
  if (item === undefined) throw nothing;
  return item;
}

async function refusedOrDone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Stripe.errors.StripeError)) throw error;
  }
}
