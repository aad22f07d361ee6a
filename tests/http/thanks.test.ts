import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { form, openService, type Service } from "./service.ts";

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
