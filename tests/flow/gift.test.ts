import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
  await house.close();
});

const give = { amount: "5000", email: "leyla@example.org", show: "nothing" };

describe("a gift by card", () => {
  test("is on the fund's page, on the dashboard and in the API once Stripe's webhooks have come", async () => {
    await house.payFor("/funds/families/give", { ...give, show: "name", note: "In memory of my grandfather" });
    expect((await house.fund("families")).raisedMinor).toBe(0);
    await house.receive();

    expect(await house.fund("families")).toMatchObject({
      givenMinor: 5000,
      returnedMinor: 0,
      raisedMinor: 5000,
      gifts: 1,
      donors: 1,
      unnamedGifts: 0,
      supporters: 1,
      feesMinor: 0,
    });
    const page = await house.text("/funds/families");
    expect(page).toContain("Leyla M.");
    expect(page).toContain("In memory of my grandfather");
    expect(await house.text("/board")).toMatch(/\$50\.00/u);
  });

  test("counts nothing when the card is declined, and once when the second try goes through", async () => {
    const { session } = await house.submit("/funds/families/give", give);
    const payer = { email: "leyla@example.org", name: "Leyla Mammadova" };
    expect((await house.sandbox.pay("first", session ?? "", { ...payer, card: "declined" })).outcome).toBe("declined");
    await house.receive();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, gifts: 0, donors: 0 });
    await house.sandbox.pay("first", session ?? "", { ...payer, card: "domestic" });
    await house.receive();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 1 });
  });

  test("is arriving, and in no total, while its charge is known and its session is not", async () => {
    await house.payFor("/funds/families/give", give);
    await house.sandbox.idle();
    const session = house.mail.find(({ type }) => type === "checkout.session.completed");
    for (const mail of house.mail.splice(0)) if (mail !== session) await house.deliver(mail);
    await house.book();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, gifts: 0 });
    expect(await house.text("/board")).toMatch(/arriving/iu);
    const [need] = await house.sql<
      { kind: string; waits: boolean }[]
    >`select kind, due_at > now() + interval '14 minutes' as waits from fetch_need`;
    expect(need).toEqual({ kind: "session_of_payment", waits: true });
    if (session !== undefined) await house.deliver(session);
    await house.book();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1 });
    expect(await house.sql`select * from fetch_need`).toEqual([]);
  });

  test("is found by asking Stripe when its session's event never comes", async () => {
    await house.payFor("/funds/families/give", give);
    await house.sandbox.idle();
    for (const mail of house.mail.splice(0)) if (!mail.type.startsWith("checkout.")) await house.deliver(mail);
    await house.book();
    await house.sql`update fetch_need set due_at = now()`;
    await house.book();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 1 });
  });

  test("[65] counts on the local day of the organisation, not on Stripe's", async () => {
    house.setClock("2021-01-01T03:30:00Z");
    await house.payFor("/funds/families/give", give);
    await house.receive();
    const [gift] = await house.sql`select occurred_on, counted_on from gift`;
    expect(gift).toEqual({ occurred_on: "2020-12-31", counted_on: "2020-12-31" });
  });
});

describe("people", () => {
  test("one who gives twice, spelt differently and through two organisations, is one donor of the joint fund", async () => {
    await house.payFor("/funds/families/give", give);
    await house.payFor("/funds/youth/give", { amount: "2500", email: " LEYLA@example.org", show: "nothing" });
    await house.receive();
    expect(await house.totals()).toMatchObject({ all: { gifts: 2, donors: 1, raisedMinor: 7500 } });
    const rows = await house.sql`
      select o.slug::text as organisation, g.amount_minor as amount from gift g join organisation o on o.id = g.organisation_id order by 1`;
    expect(rows).toEqual([
      { organisation: "first", amount: 5000n },
      { organisation: "second", amount: 2500n },
    ]);
  });

  test("one who hides the name is a donor all the same, and is not shown", async () => {
    await house.payFor("/funds/families/give", { ...give, show: "gift", note: "For them" });
    await house.receive();
    expect(await house.fund("families")).toMatchObject({ donors: 1, unnamedGifts: 0 });
    const page = await house.text("/funds/families");
    expect(page).toContain("For them");
    expect(page).not.toContain("Leyla");
  });

  test("a cash gift from nobody known is an unnamed gift beside the donors", async () => {
    const cash = { request: "one", fund: "families", amount_minor: "2000", currency: "CAD", day: "2021-02-02" };
    await house.sql`select * from record_cash(${house.sql.json(cash)})`;
    expect(await house.fund("families")).toMatchObject({
      givenMinor: 2000,
      gifts: 1,
      donors: 0,
      unnamedGifts: 1,
      supporters: 0,
    });
  });

  test("merged people count once, and count twice again when the merge is undone", async () => {
    await house.payFor("/funds/families/give", give);
    await house.payFor("/funds/families/give", { ...give, email: "l.mammadova@example.org" });
    await house.receive();
    expect((await house.fund("families")).donors).toBe(2);
    const [one, other] = await house.sql<
      { id: bigint; person_id: bigint }[]
    >`select id, person_id from identity order by id`;
    if (one === undefined || other === undefined) throw new Error("two identities");
    await house.sql`update identity set person_id = ${one.person_id} where id = ${other.id}`;
    expect((await house.fund("families")).donors).toBe(1);
    await house.sql`update identity set person_id = ${other.person_id} where id = ${other.id}`;
    expect((await house.fund("families")).donors).toBe(2);
  });
});

describe("what has no fund", () => {
  const charge = async (details: { description?: string; metadata?: Record<string, string>; account?: string }) => {
    const account = details.account ?? "first";
    const stripe = await house.stripe(account);
    const session = await stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "http://localhost:8787/thanks/x",
      line_items: [
        { quantity: 1, price_data: { currency: "cad", unit_amount: 4000, product_data: { name: "A payment link" } } },
      ],
      payment_intent_data: {
        ...(details.description === undefined ? {} : { description: details.description }),
        metadata: details.metadata ?? {},
      },
    });
    await house.sandbox.pay(account, session.id, { email: "guest@example.org", name: "A Guest", card: "domestic" });
    await house.receive();
  };

  test("is its own line beside every total, and in all", async () => {
    await charge({});
    expect(await house.totals()).toMatchObject({
      unassigned: { givenMinor: 4000, gifts: 1, donors: 1 },
      all: { givenMinor: 4000, gifts: 1, donors: 1 },
    });
    expect(await house.text("/board")).toMatch(/waits? for a fund/iu);
  });

  test("is a gift to the fund that its metadata names, if that fund takes gifts through this account", async () => {
    await charge({ metadata: { fund: "families" } });
    await charge({ metadata: { fund: "youth" } });
    expect(await house.totals()).toMatchObject({ unassigned: { givenMinor: 4000 }, all: { givenMinor: 8000 } });
    expect(await house.fund("families")).toMatchObject({ givenMinor: 4000 });
    expect(await house.fund("youth")).toMatchObject({ givenMinor: 0 });
  });

  test("is other income when a remembered rule says so: booked, but never given, raised or a donor", async () => {
    await charge({ description: "Hall rent" });
    expect(await house.totals()).toMatchObject({ all: { givenMinor: 0, gifts: 0, donors: 0, supporters: 0 } });
    const [payment] = await house.sql`select state, kind, amount_minor from payment`;
    expect(payment).toEqual({ state: "succeeded", kind: "other income", amount_minor: 4000n });
  });

  test("of a hidden fund is in no public number", async () => {
    await charge({ metadata: { fund: "quiet" } });
    const totals = await house.totals();
    expect(totals.all).toMatchObject({ givenMinor: 0, gifts: 0, donors: 0 });
    expect(totals.funds.map(({ slug }) => slug)).not.toContain("quiet");
  });
});
