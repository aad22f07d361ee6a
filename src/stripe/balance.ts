import type { BalanceFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** What an account has, as facts: one a currency and type of balance. Stripe keeps no other record of it. */
export function balanceFacts(balance: Fields, origin: Origin): BalanceFact[] {
  const prefunding = balance.part("refund_and_dispute_prefunding");
  const issuing = balance.part("issuing");
  return [
    ...ofType("payments", balance, origin),
    ...(prefunding === null ? [] : ofType("refund_and_dispute_prefunding", prefunding, origin)),
    ...(issuing === null ? [] : ofType("issuing", issuing, origin)),
  ];
}

function ofType(type: string, part: Fields, { accountId, fetchedAt }: Origin): BalanceFact[] {
  const names = ["available", "pending", "connect_reserved"];
  const currencies = new Set(names.flatMap((name) => part.list(name).map((sum) => sum.currency("currency"))));
  const sumOf = (name: string, currency: string): bigint | null => {
    const its = part.list(name).filter((sum) => sum.currency("currency") === currency);
    return its.length === 0 ? null : its.reduce((total, sum) => total + BigInt(sum.minor("amount")), 0n);
  };
  return [...currencies].map((currency) => ({
    kind: "balance",
    account_id: accountId,
    id: `${type} ${currency}`,
    fetched_at: fetchedAt,
    currency,
    balance_type: type,
    available_minor: String(sumOf("available", currency) ?? 0n),
    pending_minor: String(sumOf("pending", currency) ?? 0n),
    reserved_minor: sumOf("connect_reserved", currency)?.toString() ?? null,
  }));
}
