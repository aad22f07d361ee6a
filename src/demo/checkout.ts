import type { Every, OrderLine, Show } from "../core/order.ts";
import type { Chance } from "./chance.ts";
import type { Person } from "./person.ts";
import type { Bought } from "./plan.ts";

/** What a generated person decides at the form. */
export type Wish = {
  account: string;
  lines: OrderLine[];
  shippingMinor?: bigint | null;
  backPath: string;
  /** Every gift may come with a few words. */
  note?: string | null;
  /** How often a gift repeats; once unless said. */
  every?: Every;
};

/** An order of our own Checkout, filled in as this person would. */
export function checkoutBy(chance: Chance, payer: Person, wish: Wish): Bought {
  const order = {
    id: `alm_${orderDigits(chance)}`,
    currency: "CAD",
    account: wish.account,
    lines: wish.lines,
    shippingMinor: wish.shippingMinor ?? null,
    email: asTyped(chance, payer.email),
    show: showWish(chance, wish.lines),
    note: wish.note ?? null,
    every: wish.every ?? "once",
    backPath: wish.backPath,
  };
  return { kind: "checkout", order, payer, card: payer.card };
}

function orderDigits(chance: Chance): string {
  return Array.from({ length: 24 }, () => chance.between(0, 35).toString(36)).join("");
}

/** Now and then a phone writes the first letter large: the person stays the same. */
function asTyped(chance: Chance, email: string): string {
  return chance.oneIn(25) ? email.charAt(0).toUpperCase() + email.slice(1) : email;
}

/** Nobody asks a buyer what may be shown: only gifts appear under "Recent gifts". */
function showWish(chance: Chance, lines: OrderLine[]): Show {
  if (!lines.some((line) => line.kind === "gift")) return "nothing";
  return chance.weighted([
    ["name", 45],
    ["gift", 35],
    ["nothing", 20],
  ] as const);
}
