import type Stripe from "stripe";
import { stripeClient } from "../src/stripe/client.ts";
import { balanceAfter, createdAt, firstFrom, gift, giftBack, indexOf, intent, type Kind, kindOf } from "./movements.ts";
import { membersOf, movement, paidOut } from "./movements.ts";

type Made = (index: number, total: number) => object;

/** Which movements are in a list, and what each is there. What is not here is empty. */
const lists: Readonly<Record<string, { kinds: readonly Kind[] | "all"; made: Made }>> = {
  "/v1/balance_transactions": { kinds: "all", made: movement },
  "/v1/charges": {
    kinds: ["gift"],
    made: (index, total) => ({ ...gift(index, total), payment_intent: intent(index) }),
  },
  "/v1/refunds": { kinds: ["refund"], made: giftBack },
  "/v1/payouts": { kinds: ["payout"], made: paidOut },
};

/** A client whose Stripe answers in this process, for an account with so many movements, none of which it keeps. */
export function benchStripe(total: number): Stripe {
  const answer = async (input: RequestInfo | URL): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    return await Promise.resolve(Response.json(url.pathname === "/v1/balance" ? balance(total) : page(url, total)));
  };
  return stripeClient({ key: "sk_test_bench", fetch: answer });
}

function balance(total: number): object {
  const available = [{ amount: balanceAfter(total), currency: "cad", source_types: {} }];
  return { object: "balance", available, pending: [], livemode: false };
}

/** A page as Stripe gives it: the newest first, after an object, made in a range, or what a payout holds. */
function page(url: URL, total: number): object {
  const asked = (name: string): string | null => url.searchParams.get(name);
  const list = lists[url.pathname];
  const limit = Number(asked("limit") ?? 10);
  const data: object[] = [];
  let { first, end } = rangeOf(asked, total);
  if (list === undefined) first = end;
  for (; end > first && data.length <= limit; end -= 1) {
    const isAsked = list?.kinds === "all" || list?.kinds.includes(kindOf(end - 1)) === true;
    if (isAsked && list !== undefined) data.push(list.made(end - 1, total));
  }
  return { object: "list", url: url.pathname, has_more: data.length > limit, data: data.slice(0, limit) };
}

function rangeOf(asked: (name: string) => string | null, total: number): { first: number; end: number } {
  const [payout, after, from, to] = ["payout", "starting_after", "created[gte]", "created[lt]"].map((name) =>
    asked(name),
  );
  const within =
    payout == null ? { first: 0, end: total } : { ...membersOf(indexOf(payout)), end: indexOf(payout) + 1 };
  const first = Math.max(within.first, from == null ? 0 : firstFrom(Number(from)));
  const end = Math.min(within.end, to == null ? total : firstFrom(Number(to)), after == null ? total : indexOf(after));
  return { first, end };
}

/** The time just after the last of so many movements. */
export function timeAfter(total: number): Date {
  return new Date((createdAt(total) + 3_600) * 1000);
}
