import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { known, startSandbox, subscribe } from "./fake.ts";

test("in the portal a person ends a monthly gift, thinks again, and gives another card", async () => {
  const fake = startSandbox();
  const { stripe, sandbox } = fake;
  const { session, subscription } = await subscribe(fake);
  const portal = await stripe.billingPortal.sessions.create({
    customer: known(session.customer),
    return_url: "http://localhost:8787/my",
  });
  const path = new URL(portal.url).pathname;
  const page = async () => {
    const { document } = new JSDOM(await (await sandbox.app.request(path)).text()).window;
    return document.body.textContent?.replaceAll(/\s+/gu, " ") ?? "";
  };
  const send = (fields: Record<string, string>) =>
    sandbox.app.request(path, {
      method: "POST",
      body: new URLSearchParams({ subscription: subscription.id, ...fields }),
    });
  expect(await page()).toContain("Monthly gift to Families$25.00 every monthNext payment on April 1, 2021");
  expect((await send({ do: "cancel" })).status).toBe(303);
  expect(await page()).toContain("It ends on April 1, 2021");
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(true);
  await send({ do: "keep" });
  expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBeNull();
  await send({ do: "card", card: "declined" });
  await sandbox.advance(32 * 86_400);
  expect(await page()).toContain("The last payment did not go through.");
});

test("the portal of one person changes nothing of another's", async () => {
  const fake = startSandbox();
  const one = await subscribe(fake);
  const two = await subscribe(fake);
  const portal = await fake.stripe.billingPortal.sessions.create({ customer: known(one.session.customer) });
  const body = new URLSearchParams({ subscription: two.subscription.id, do: "cancel" });
  await fake.sandbox.app.request(new URL(portal.url).pathname, { method: "POST", body });
  expect((await fake.stripe.subscriptions.retrieve(two.subscription.id)).cancel_at).toBeNull();
  expect((await fake.sandbox.app.request("/sandbox/portal/bps_none")).status).toBe(404);
});
