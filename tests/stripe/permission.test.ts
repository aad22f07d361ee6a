import { describe, expect, test } from "vitest";
import { permissionNames } from "../../src/core/stripe-key.ts";
import { listenedTypes } from "../../src/core/event.ts";
import { stripeApiVersion, stripeClient } from "../../src/stripe/client.ts";
import { describeAccount, makeEndpoint, removeOldEndpoints } from "../../src/stripe/endpoint.ts";
import { tryKey } from "../../src/stripe/permission.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { broken } from "./sandbox/declared.ts";
import { startSandbox } from "./sandbox/fake.ts";

const fake = startSandbox();
const client = (key: string) => stripeClient({ key, fetch: fake.sandbox.fetch });

describe("a key that is tried", () => {
  test("and may do all that we ask says whose it is; nothing is changed by trying", async () => {
    const before = (await fake.stripe.events.list()).data.length;
    const tried = await tryKey(client("rk_test_sandbox_acmc-toronto"));
    expect(tried).toMatchObject({
      outcome: "tried",
      stripeAccountId: "acct_sandboxacmc0toronto",
      accountName: "The Center",
    });
    expect(tried.outcome === "tried" && tried.permissions).toEqual(
      permissionNames.map((name) => ({ name, outcome: "granted", words: null })),
    );
    expect((await fake.stripe.events.list()).data).toHaveLength(before);
    expect((await fake.other.webhookEndpoints.list()).data).toHaveLength(1);
  });

  test.each([
    ["read charges", "charge_read", ["read charges", "read refunds"]],
    ["write webhook endpoints", "webhook_write", ["write webhook endpoints"]],
    ["write checkout sessions", "checkout_session_write", ["write checkout sessions"]],
    ["read events", "event_read", ["read events"]],
    ["write products", "product_write", ["write products"]],
  ])("and may not %s is told so in Stripe's words, which name the right", async (name, right, missing) => {
    const tried = await tryKey(client(`rk_test_sandbox_alov__no_${right}`));
    if (tried.outcome !== "tried") throw new Error(tried.words);
    const refused = tried.permissions.filter(({ outcome }) => outcome !== "granted");
    expect(refused.map((each) => each.name)).toEqual(missing);
    expect(refused.find((each) => each.name === name)?.words).toContain(
      `on account 'acct_sandboxalov'. Having the 'rak_${right}' permission would allow this request to continue.`,
    );
  });

  test("that may not even say who it is still is known by what Stripe says when it refuses something", async () => {
    const tried = await tryKey(client("rk_test_sandbox_alov__no_accounts_kyc_basic_read__no_payout_read"));
    expect(tried).toMatchObject({ stripeAccountId: "acct_sandboxalov", accountName: null });
  });

  test("and that Stripe does not know is refused in its words, without the key", async () => {
    const tried = await tryKey(client("rk_test_sandbox_nobody_0123456789"));
    expect(tried).toMatchObject({ outcome: "refused" });
    expect(JSON.stringify(tried)).toContain("Invalid API Key provided: rk_test_****");
    expect(JSON.stringify(tried)).not.toContain("nobody_0123456789");
  });

  test("while Stripe cannot be reached is not judged", async () => {
    const away = stripeClient({
      key: "sk_test_1",
      fetch: async () => await Promise.reject(new TypeError("no network")),
    });
    expect((await tryKey(away)).outcome).toBe("away");
  });
});

describe("the webhook endpoint", () => {
  const url = "https://give.example.org/webhooks/stripe/alov";

  test("is made for exactly the events that are read, in the version that this code reads", async () => {
    const { stripe } = startSandbox(memoryStore());
    const first = await makeEndpoint(stripe, url, "attempt 1");
    expect(first.secret).toMatch(/^whsec_/u);
    expect(await makeEndpoint(stripe, url, "attempt 1")).toEqual(first);
    expect(await stripe.webhookEndpoints.retrieve(first.id)).toMatchObject({
      url,
      api_version: stripeApiVersion,
      enabled_events: Object.keys(listenedTypes),
    });
    expect(await describeAccount(stripe, { url, endpointId: first.id })).toEqual({
      id: "acct_sandboxalov",
      name: "Alov Foundation",
      payoutInterval: "manual",
      paysOutInstantly: false,
      endpoint: { id: first.id, url, isEnabled: true, apiVersion: stripeApiVersion, missingTypes: [] },
    });
  });

  test("takes the place of those that we made before, and of no other", async () => {
    const { stripe } = startSandbox(memoryStore());
    const foreign = await stripe.webhookEndpoints.create({ url, enabled_events: ["charge.succeeded"] });
    await makeEndpoint(stripe, url, "attempt 1");
    const second = await makeEndpoint(stripe, url, "attempt 2");
    await removeOldEndpoints(stripe, url, second.id);
    const left = (await stripe.webhookEndpoints.list()).data.map(({ id }) => id);
    expect(left.toSorted()).toEqual(["we_sandbox_alov", foreign.id, second.id].toSorted());
  });

  test("that sends too little, is disabled or is not there is told so; what Stripe does not say stays unknown", async () => {
    const { stripe, sandbox } = startSandbox(memoryStore(), { settings: () => ({ payouts: "daily" }) });
    const place = { url, endpointId: null };
    expect(await describeAccount(stripe, place)).toMatchObject({ endpoint: "none", payoutInterval: "daily" });
    const made = await stripe.webhookEndpoints.create({ url, enabled_events: ["charge.succeeded"] });
    await stripe.webhookEndpoints.update(made.id, { disabled: true });
    const { endpoint } = await describeAccount(stripe, place);
    expect(endpoint).toMatchObject({ isEnabled: false, apiVersion: null });
    expect(typeof endpoint === "object" && endpoint?.missingTypes).toHaveLength(Object.keys(listenedTypes).length - 1);
    const blind = "rk_test_sandbox_alov__no_webhook_read__no_payout_read__no_accounts_kyc_basic_read";
    const told = await describeAccount(stripeClient({ key: blind, fetch: sandbox.fetch }), place);
    expect(told).toEqual({ id: null, name: null, payoutInterval: null, paysOutInstantly: null, endpoint: null });
  });
});

test("the sandbox's account is what its type promises", async () => {
  expect(broken(JSON.parse(JSON.stringify(await fake.stripe.accounts.retrieveCurrent())))).toEqual([]);
});
