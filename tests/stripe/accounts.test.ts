import { describe, expect, it } from "vitest";
import { createAccounts } from "../../src/stripe/accounts.ts";
import { stripeClient } from "../../src/stripe/client.ts";

/** Two accounts, a clock that can be turned, and how often the database was asked. */
function bench() {
  let nowMs = 0;
  const state = { rows: [row(1n, "alov"), row(2n, "acmc")], asked: 0, isAway: false, keysAsked: [] as string[] };
  const accounts = createAccounts({
    list: async () => {
      state.asked += 1;
      if (state.isAway) throw new Error("away");
      return state.rows;
    },
    keysOf: async (slug, isFirst) => (
      state.keysAsked.push(slug),
      {
        stripe: slug === "acmc" ? null : stripeClient({ key: "sk_test_1" }),
        webhookSecrets: isFirst ? ["whsec_1"] : [],
      }
    ),
    now: () => new Date(nowMs),
  });
  return { accounts, state, pass: (ms: number) => (nowMs += ms) };
}

const row = (id: bigint, slug: string, keysStamp = "") => ({ id, slug, stripeAccountId: null, keysStamp });

describe("accounts", () => {
  it("are found by name, by number, and the first one without a name", async () => {
    const { accounts } = bench();
    expect(await accounts.find(null)).toMatchObject({ slug: "alov", webhookSecrets: ["whsec_1"] });
    expect(await accounts.find("acmc")).toMatchObject({ id: 2n, webhookSecrets: [] });
    expect(await accounts.byId(1n)).toMatchObject({ slug: "alov" });
    expect([await accounts.find("other"), await accounts.byId(9n)]).toEqual([null, null]);
  });

  it("are not read from the database with every delivery", async () => {
    const { accounts, state, pass } = bench();
    for (let at = 0; at < 100; at += 1) {
      await accounts.find(null);
      pass(10);
    }
    expect(state.asked).toBe(1);
  });

  it("that were set up a moment ago are found without a restart", async () => {
    const { accounts, state, pass } = bench();
    expect(await accounts.find("new")).toBeNull();
    state.rows = [...state.rows, row(3n, "new")];
    pass(300);
    expect(await accounts.find("new")).toMatchObject({ id: 3n });
  });

  it("have their keys read again when these changed, and only then", async () => {
    const { accounts, state, pass } = bench();
    await accounts.find(null);
    pass(6_000);
    await accounts.find(null);
    expect(state.keysAsked).toEqual(["alov", "acmc"]);
    state.rows = [row(1n, "alov"), row(2n, "acmc", "17")];
    pass(6_000);
    await accounts.find(null);
    expect(state.keysAsked).toEqual(["alov", "acmc", "acmc"]);
  });

  it("last seen stand while the database is away; without any it is said", async () => {
    const { accounts, state, pass } = bench();
    await accounts.find(null);
    state.isAway = true;
    pass(60_000);
    expect(await accounts.find(null)).toMatchObject({ slug: "alov" });
    const other = bench();
    other.state.isAway = true;
    await expect(other.accounts.find(null)).rejects.toThrow("away");
  });

  it("without a key take deliveries, but nobody asks Stripe in their name", async () => {
    const { accounts } = bench();
    expect(await accounts.byId(2n)).toBeNull();
    const account = await accounts.find("acmc");
    await expect(account?.stripe.balance.retrieve({}, { maxNetworkRetries: 0 })).rejects.toMatchObject({
      type: "StripeConnectionError",
    });
  });
});
