import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { drainBatch } from "../../src/db/drain.ts";
import { findSession, isOrderPaid, listRecentGifts } from "../../src/db/gift.ts";
import { openLive } from "../../src/db/live.ts";
import { readBoard } from "../../src/db/board.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(database.sql);
});
afterEach(async () => {
  await forgetPayments(owner);
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const order = "alm_0123456789abcdefmonthly0";
const day = 86_400_000;
const row = { account_id: "1", fetched_at: null };
const metadata = { order, fund: "general" };
const book = async (...facts: Fact[]): Promise<void> =>
  await drainBatch(database.sql, { mode: "sandbox", tickets: [], facts });

/** The session in which a monthly gift of $20.00 began. */
const session = (paymentStatus = "paid"): Fact => ({
  ...row,
  kind: "checkout_session",
  id: "cs_1",
  status: "complete",
  payment_status: paymentStatus,
  mode: "subscription",
  payment_intent: null,
  customer: "cus_1",
  amount_total_minor: "2000",
  shipping_minor: null,
  currency: "CAD",
  created: "2021-01-05T17:00:00Z",
  customer_details: { email: "leyla@example.org", name: "Leyla Mammadova" },
  metadata: { ...metadata, show: "name", note: "Every month" },
  subscription: "sub_1",
  invoice: "in_1",
});

const subscription = (changes: Partial<Extract<Fact, { kind: "subscription" }>> = {}): Fact => ({
  ...row,
  kind: "subscription",
  id: "sub_1",
  status: "active",
  customer: "cus_1",
  currency: "CAD",
  amount_minor: "2000",
  every: "month",
  created: "2021-01-05T17:00:00Z",
  cancel_at: null,
  ended_at: null,
  metadata,
  status_fetched_at: null,
  ...changes,
});

type Month = { invoice?: Partial<Extract<Fact, { kind: "invoice" }>>; charge?: "succeeded" | "failed" | "pending" };

/** The invoice, its link and its charge of the `nth` month. */
function month(nth: number, { invoice = {}, charge = "succeeded" }: Month = {}): Fact[] {
  const created = new Date(Date.UTC(2021, nth - 1, 5, 17)).toISOString();
  const money = { amount_minor: "2000", currency: "CAD", created };
  return [
    {
      ...row,
      kind: "invoice",
      id: `in_${nth}`,
      status: charge === "succeeded" ? "paid" : "open",
      billing_reason: nth === 1 ? "subscription_create" : "subscription_cycle",
      subscription: "sub_1",
      customer: "cus_1",
      customer_email: "leyla@example.org",
      currency: "CAD",
      total_minor: "2000",
      attempt_count: 1,
      next_attempt_at: null,
      created,
      metadata,
      ...invoice,
    },
    {
      ...row,
      kind: "invoice_payment",
      id: `inpay_${nth}`,
      invoice: `in_${nth}`,
      status: charge === "succeeded" ? "paid" : "open",
      payment_intent: `pi_${nth}`,
      charge: null,
      amount_paid_minor: charge === "succeeded" ? "2000" : null,
    },
    {
      ...row,
      ...money,
      kind: "charge",
      id: `ch_${nth}`,
      status: charge,
      captured: charge === "succeeded",
      amount_captured_minor: charge === "succeeded" ? "2000" : "0",
      payment_intent: `pi_${nth}`,
      customer: "cus_1",
      balance_transaction: null,
      billing: null,
      receipt_email: null,
      description: "Subscription update",
      metadata: null,
    },
  ];
}

describe("a monthly gift", () => {
  it("is found by its session: the first payment, whatever was paid later", async () => {
    await book(session(), subscription(), ...month(1), ...month(2), ...month(3));
    expect(await findSession(database.sql, "cs_1")).toMatchObject({
      paymentState: "succeeded",
      fund: "general",
      amountMinor: 2000n,
      lines: [{ kind: "gift", fund: "general", amountMinor: 2000n, returnedMinor: 0n, every: "month" }],
    });
  });

  it("is found by its session also where that names no invoice", async () => {
    await book({ ...session(), invoice: null } as Fact, subscription(), ...month(2), ...month(1));
    await book({
      ...row,
      kind: "refund",
      id: "re_1",
      status: "succeeded",
      charge: "ch_1",
      payment_intent: "pi_1",
      amount_minor: "500",
      currency: "CAD",
      created: "2021-01-07T17:00:00Z",
      balance_transaction: null,
      failure_balance_transaction: null,
      metadata: null,
    });
    const found = await findSession(database.sql, "cs_1");
    expect(found?.lines).toMatchObject([{ amountMinor: 2000n, returnedMinor: 500n, every: "month" }]);
  });

  it("is known as paid and not booked while its invoice has not come", async () => {
    await book(session());
    expect(await findSession(database.sql, "cs_1")).toMatchObject({
      paymentState: null,
      paymentStatus: "paid",
      status: "complete",
      lines: [],
    });
  });

  it("makes a new order of the same form sent again", async () => {
    expect(await isOrderPaid(database.sql, order)).toBe(false);
    await book(session());
    expect(await isOrderPaid(database.sql, order)).toBe(true);
  });

  it("stands once under recent gifts, with its newest payment, as its donor chose", async () => {
    await book(session(), subscription(), ...month(1), ...month(2));
    expect(await listRecentGifts(database.sql, "general")).toMatchObject([
      { occurredOn: "2021-02-05", name: "Leyla M.", note: "Every month", every: "month" },
    ]);
  });
});

describe("what somebody may have to look after", () => {
  const nothing = {
    pending: { payments: 0, amountMinor: 0n },
    renewals: { retried: 0, nextAttempt: null, givenUp: 0 },
  };
  const outstanding = async () => {
    const asked = { place: { organisationId: null, fundId: null, campaignId: null }, period: { from: null, to: null } };
    const beside = { before: null, samePoint: null, compared: null };
    return (await readBoard(database.sql, { ...asked, ...beside, currency: "CAD", today: "2021-06-01" })).outstanding;
  };

  it("is nothing while every month is paid", async () => {
    await book(session(), subscription(), ...month(1), ...month(2));
    expect(await outstanding()).toEqual(nothing);
  });

  it("is a renewal that failed and is tried again, until it is paid", async () => {
    const next = new Date(Math.floor(Date.now() / 1000) * 1000 + 3 * day);
    await book(session(), subscription(), ...month(1));
    await book(...month(2, { charge: "failed", invoice: { next_attempt_at: next.toISOString() } }));
    expect(await outstanding()).toEqual({ ...nothing, renewals: { retried: 1, nextAttempt: next, givenUp: 0 } });
    await book(...month(2, { invoice: { attempt_count: 2 } }));
    expect(await outstanding()).toEqual(nothing);
  });

  it("is a renewal that failed for the last time, until the gift is stopped", async () => {
    const past = new Date(Date.now() - 2 * day).toISOString();
    await book(session(), subscription({ status: "past_due" }), ...month(1));
    await book(...month(2, { charge: "failed", invoice: { next_attempt_at: past } }));
    await book(...month(3, { charge: "failed", invoice: { next_attempt_at: null, attempt_count: 4 } }));
    expect(await outstanding()).toEqual({ ...nothing, renewals: { retried: 0, nextAttempt: null, givenUp: 1 } });
    await book(subscription({ status: "canceled", ended_at: "2021-04-01T00:00:00Z" }));
    expect(await outstanding()).toEqual(nothing);
  });

  it("is told to whoever watches the board, also where only the invoice says so", async () => {
    await book(session(), subscription(), ...month(1), ...month(2, { charge: "failed" }));
    const live = await openLive(database.sql, () => undefined);
    const { promise: told, resolve } = Promise.withResolvers<string>();
    live.subscribe({ changed: () => resolve("told"), ended: () => resolve("ended") });
    const next = new Date(Date.now() + 3 * day).toISOString();
    await book(...month(2, { charge: "failed", invoice: { next_attempt_at: next } }).slice(0, 1));
    expect(await told).toBe("told");
    live.stop();
  });

  it("is no invoice that was never tried, and no first payment that was declined", async () => {
    await book(session("unpaid"), ...month(1, { charge: "failed" }));
    await book(...month(2, { charge: "failed", invoice: { attempt_count: 0 } }));
    expect(await outstanding()).toEqual(nothing);
  });

  it("is a payment that a bank has not decided, until it has", async () => {
    await book(session("unpaid"), subscription(), ...month(1, { charge: "pending" }));
    expect(await outstanding()).toEqual({ ...nothing, pending: { payments: 1, amountMinor: 2000n } });
    expect(await findSession(database.sql, "cs_1")).toMatchObject({ paymentState: "pending", paymentStatus: "unpaid" });
    await book(...month(1));
    expect(await outstanding()).toEqual(nothing);
  });
});
