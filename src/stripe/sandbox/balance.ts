import type Stripe from "stripe";
import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { key } from "./entry.ts";
import type { Scope } from "./scope.ts";
import type { Kinds } from "./store.ts";

type Movement = Kinds["balance_transaction"];

const atOnce = 500;

/** Every movement of the account's balance that has all these keys, oldest first. */
async function movementsOf(scope: Scope, keys: readonly string[]): Promise<Movement[]> {
  const movements: Movement[] = [];
  for (;;) {
    const found = await scope.store.list({
      account: scope.account,
      kind: "balance_transaction",
      keys: [...keys],
      anyOf: [],
      created: {},
      undelivered: null,
      after: movements.at(-1)?.id ?? null,
      before: null,
      order: "oldest first",
      limit: atOnce,
    });
    movements.push(...found.filter((object) => object.object === "balance_transaction"));
    if (found.length < atOnce) return movements;
  }
}

/** What an account has, of each of its currencies: the sum of all that ever moved, as far as it is available yet. */
export async function balanceOf(scope: Scope): Promise<Stripe.Balance> {
  const movements = await movementsOf(scope, []);
  const currencies = new Set([...scope.settings.settlesIn, ...movements.map(({ currency }) => currency)]);
  const sum = (currency: string, isAvailable: boolean): Stripe.Balance.Available => {
    const its = movements.filter((row) => row.currency === currency && row.available_on <= scope.now === isAvailable);
    const amount = its.reduce((total, { net }) => total + net, 0);
    return { amount, currency, source_types: { card: amount } };
  };
  return {
    object: "balance",
    available: [...currencies].map((currency) => sum(currency, true)),
    livemode: false,
    pending: [...currencies].map((currency) => sum(currency, false)),
    refund_and_dispute_prefunding: { available: [], pending: [] },
  };
}

/** What is in no payout yet, of one currency, and available. */
export async function unpaidMovements(scope: Scope, currency: string): Promise<Movement[]> {
  const waiting = await movementsOf(scope, [key("payout", "none"), key("currency", currency)]);
  return waiting.filter((row) => row.available_on <= scope.now);
}

export const balanceEndpoints: Endpoint[] = [
  { method: "GET", path: "/v1/balance", schema: z.strictObject({}), run: (scope) => balanceOf(scope) },
];
