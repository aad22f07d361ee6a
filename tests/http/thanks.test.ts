import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { readTotals } from "../../src/db/total.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { form, openService, type Service } from "./house.ts";

let service: Service;
beforeAll(async () => (service = await openService()));
afterAll(async () => await service.close());

const payer = { name: "Ann Example", email: "ann@example.org", card: "domestic" } as const;

async function begin(path: string, fields: Record<string, string>): Promise<string> {
  const answer = await service.app.request(path, form(fields));
  return new URL(answer.headers.get("location") ?? "").pathname.split("/").at(-1) ?? "";
}

async function thanks(
  session: string,
  app = service.app,
): Promise<{ status: number; state: string | undefined; page: string }> {
  const answer = await app.request(`/thanks/${session}`);
  const page = await answer.text();
  return { status: answer.status, state: /data-state="(\w+)"/u.exec(page)?.[1], page };
}

/** What the families' fund has raised, in minor units. */
async function raised(): Promise<bigint> {
  const totals = await readTotals(service.deps.sql, { from: null, to: null, currency: "CAD", who: "public" });
  return totals.funds.find(({ slug }) => slug === "families")?.raisedMinor ?? 0n;
}

describe("the thank-you page", () => {
  it("says that nothing is paid, then that it is paid, then that it is recorded, and names nobody", async () => {
    const session = await begin("/funds/families/give", { amount: "5000", email: "ann@example.org", show: "name" });
    const before = await thanks(session);
    expect(before).toMatchObject({ status: 200, state: "open" });
    expect(before.page).toContain(`href="http://127.0.0.1:8787/sandbox/pay/${session}"`);
    expect(before.page).toContain('href="/funds/families"');

    await service.sandbox.pay("main", session, payer);
    const paid = await thanks(session);
    expect(paid).toMatchObject({ status: 200, state: "paid" });
    expect(paid.page).toContain("$50.00 is paid");

    await service.settle();
    const booked = await thanks(session);
    expect(booked).toMatchObject({ status: 200, state: "booked" });
    expect(booked.page).toContain(
      "Your gift of $50.00 to Families is recorded. The fund now stands at $50.00, from 1 person.",
    );
    expect(before.page + paid.page + booked.page).not.toMatch(/ann@example|Ann Example/u);
  });

  it("lists what was bought, with shipping and the gift on top, closing with the sum", async () => {
    const session = await begin("/campaigns/pins/order", { "q.pin.only": "2", gift: "2500" });
    await service.sandbox.pay("main", session, payer);
    await service.settle();
    const { state, page } = await thanks(session);
    expect(state).toBe("booked");
    const text = page.replaceAll(/<[^>]+>/gu, " ").replaceAll(/\s+/gu, " ");
    expect(text).toContain("Pin 2 $10.00 Shipping $12.00 Gift to Families $25.00 Paid $47.00");
  });

  it("confirms a monthly gift by its first payment, and stays the same page in later months", async () => {
    const session = await begin("/funds/families/give", { every: "month", amount: "2500" });
    await service.sandbox.pay("main", session, { ...payer, email: "monthly@example.org" });
    expect(await thanks(session)).toMatchObject({ status: 200, state: "paid" });
    await service.settle();
    const begun = await thanks(session);
    expect(begun.state).toBe("booked");
    expect(begun.page).toContain(
      "Your monthly gift of $25.00 to Families has begun, and the first payment is recorded.",
    );
    expect(begun.page).toContain('write to <a href="mailto:hi@example.org">');

    const before = await raised();
    await service.daysLater(32);
    expect((await raised()) - before).toBe(2500n);
    const later = await thanks(session);
    expect(later.state).toBe("booked");
    expect(later.page).toContain("$25.00");
    expect(later.page).not.toContain("$50.00 to Families");
  });

  it("waits with a bank that takes its days, counts nothing, and then confirms", async () => {
    const before = await raised();
    const session = await begin("/funds/families/give", { amount: "5000" });
    await service.sandbox.pay("main", session, { ...payer, card: "debit" });
    expect(await thanks(session)).toMatchObject({ status: 200, state: "processing" });
    await service.settle();
    const waiting = await thanks(session);
    expect(waiting).toMatchObject({ status: 200, state: "processing" });
    expect(waiting.page).toContain("Your bank will take some days to pay $50.00.");
    expect(await raised()).toBe(before);
    await service.daysLater(5);
    expect(await thanks(session)).toMatchObject({ status: 200, state: "booked" });
    expect(await raised()).toBe(before + 5000n);
  });

  it("says so when the bank did not pay, and leads back", async () => {
    const before = await raised();
    const session = await begin("/funds/families/give", { amount: "5000" });
    await service.sandbox.pay("main", session, { ...payer, card: "debit-fails" });
    await service.daysLater(5);
    const failed = await thanks(session);
    expect(failed.state).toBe("failed");
    expect(failed.page).toContain("The payment did not come through, and nothing was counted.");
    expect(failed.page).toContain('href="/funds/families"');
    expect(await raised()).toBe(before);
  });

  it("says what of a payment has gone back", async () => {
    const session = await begin("/funds/families/give", { amount: "5000" });
    const { session: paid } = await service.sandbox.pay("main", session, payer);
    const account = await service.deps.findAccount("main");
    if (typeof paid.payment_intent !== "string") throw new Error("nothing was paid");
    await account?.stripe.refunds.create({ payment_intent: paid.payment_intent, amount: 1500 });
    await service.settle();
    expect((await thanks(session)).page).toContain("Of what you paid here, $15.00 has gone back to you.");
  });

  it("says when a payment page has expired, and leads back", async () => {
    const session = await begin("/campaigns/pins/order", { "q.pin.only": "1" });
    const account = await service.deps.findAccount("main");
    await account?.stripe.checkout.sessions.expire(session);
    const fromStripe = await thanks(session);
    await service.settle();
    const fromUs = await thanks(session);
    for (const { state, page } of [fromStripe, fromUs]) {
      expect(state).toBe("expired");
      expect(page).toContain('href="/campaigns/pins"');
    }
  });

  it.each(["cs_test_nobodyknows000", "cs_live_nobodyknows000"])("knows nothing of %s", async (session) => {
    expect(await thanks(session)).toMatchObject({ status: 404, state: "unknown" });
  });

  it.each(["1", "cs_test_<script>", "pi_3NothingOfOurs00", `cs_${"x".repeat(300)}`])(
    "does not ask Stripe for %s",
    async (session) => {
      const app = createApp({ ...service.deps, findAccount: async () => await Promise.reject(new Error("asked")) });
      expect((await app.request(`/thanks/${encodeURIComponent(session)}`)).status).toBe(404);
    },
  );

  it("cannot know while Stripe is away, except what is recorded here", async () => {
    const session = await begin("/funds/families/give", { amount: "2500" });
    await service.sandbox.pay("main", session, payer);
    await service.settle();
    const stripe = stripeClient({
      key: "sk_test_away",
      fetch: async () => await Promise.reject(new TypeError("no route")),
    });
    const account = await service.deps.findAccount("main");
    const app = createApp({ ...service.deps, findAccount: async () => account && { ...account, stripe } });
    expect(await thanks("cs_test_nobodyknows000", app)).toMatchObject({ status: 503, state: "unknown" });
    expect(await thanks(session, app)).toMatchObject({ status: 200, state: "booked" });
  });
});
