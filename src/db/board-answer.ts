import type { BoardAnswers, TrustAnswer } from "../core/board.ts";
import { minorToNumber } from "../core/money.ts";
import { proofState, type ProofName } from "../core/proof.ts";

type TrustRow = Omit<TrustAnswer, "organisations"> & { organisations: OrganisationRow[] };

type OrganisationRow = Pick<TrustAnswer["organisations"][number], "slug" | "name" | "closed"> & {
  proofs: { proof: ProofName; subject: string; currency: string; expected: string; found: string }[];
  lines: {
    account: string;
    currency: string;
    booked: string;
    atStripe: string | null;
    askedAt: string | null;
    movedSince: boolean;
  }[];
};

/** The answers as the database gives them: amounts are text, and of trust there are the rows that it is told by. */
export type AnswersRow = Omit<BoardAnswers, "trust"> & { trust: TrustRow };

/** The answers of a board. @throws RangeError when an amount does not fit a JSON number */
export function boardAnswers(row: AnswersRow, currency: string, asOf: Date): BoardAnswers {
  const { trust, ...answers } = row;
  const { organisations, ...rest } = trust;
  return {
    ...numbersOf(answers),
    trust: { organisations: organisations.map((own) => trustOf(own, currency, asOf)), ...numbersOf(rest) },
  };
}

const isAmount = /^minor$|Minor$|^own$|^compared$/u;

/** The same, its amounts as numbers: they are the texts, or lists of texts, of which the name says so. */
export function numbersOf<Value>(value: Value): Value {
  return numbers(value, false) as Value;
}

function numbers(value: unknown, amount: boolean): unknown {
  if (amount && typeof value === "string") return minorToNumber(BigInt(value));
  if (Array.isArray(value)) return value.map((each) => numbers(each, amount));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, numbers(each, isAmount.test(name))]));
}

/** Stripe's balance is told apart from the identities of the books, which hold or not whatever Stripe says. */
function trustOf(row: OrganisationRow, currency: string, now: Date): TrustAnswer["organisations"][number] {
  const proofs = row.proofs.map(({ expected, found, ...proof }) => ({
    ...proof,
    expectedMinor: BigInt(expected),
    foundMinor: BigInt(found),
  }));
  const lines = row.lines.map(({ booked, atStripe, askedAt, ...line }) => ({
    ...line,
    bookedMinor: BigInt(booked),
    atStripeMinor: atStripe === null ? null : BigInt(atStripe),
    askedAt: askedAt === null ? null : new Date(askedAt),
  }));
  const { checks, stripe } = proofState(proofs, lines, now);
  const difference = lines
    .filter((line) => line.currency === currency)
    .reduce((sum, { atStripeMinor, bookedMinor }) => sum + (atStripeMinor ?? bookedMinor) - bookedMinor, 0n);
  return {
    slug: row.slug,
    name: row.name,
    closed: row.closed,
    proofsHold: checks.every(({ name, wrong }) => name === "balance" || wrong.length === 0),
    stripe: {
      state: stripe.state,
      askedAt: stripe.state === "not yet" ? null : stripe.askedAt.toISOString(),
      differenceMinor: minorToNumber(difference),
    },
  };
}
