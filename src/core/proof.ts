/** The identities that an organisation's books are held against, in the order in which they are shown. */
export const proofNames = ["net", "posted", "balance", "payout", "suspense", "fund"] as const;
export type ProofName = (typeof proofNames)[number];

/** One subject of an identity: an account or fund by slug (`-`: waiting for a fund), or a payout by id. */
export type ProofRow = {
  proof: ProofName;
  subject: string;
  currency: string;
  expectedMinor: bigint;
  foundMinor: bigint;
};

/** What Stripe says that an account has in a currency, beside the books. */
export type StripeLine = {
  account: string;
  currency: string;
  bookedMinor: bigint;
  /** Null while Stripe was never asked. */
  atStripeMinor: bigint | null;
  askedAt: Date | null;
  /** Whether entries were posted after Stripe was asked: what differs may only be of another moment. */
  movedSince: boolean;
};

export type ProofCheck = { name: ProofName; checked: number; wrong: ProofRow[]; isPending: boolean };

/** What is known of Stripe's balance: nothing yet, all of it and when, or where it differs. */
export type StripeState =
  | { state: "not yet"; accounts: string[] }
  | { state: "agrees" | "stale" | "moving" | "differs"; askedAt: Date; lines: StripeLine[] };

export type ProofState = {
  /** Green only where all that is compared agrees and is fresh. */
  isGood: boolean;
  stripe: StripeState;
  checks: ProofCheck[];
};

/** Stripe is asked hourly: an answer older than this says nothing of today. */
const freshMs = 6 * 60 * 60 * 1000;

/** What the identities say together, at this moment. */
export function proofState(rows: readonly ProofRow[], lines: readonly StripeLine[], now: Date): ProofState {
  const stripe = stripeState(lines, now);
  const moving = new Set(
    lines.filter((line) => isMoving(line)).map(({ account, currency }) => `${account} ${currency}`),
  );
  const checks = proofNames.map((name): ProofCheck => {
    const own = rows.filter(({ proof }) => proof === name);
    const wrong = own.filter(({ expectedMinor, foundMinor }) => expectedMinor !== foundMinor);
    const isPending =
      name === "balance" && wrong.every(({ subject, currency }) => moving.has(`${subject} ${currency}`));
    return { name, checked: own.length, wrong, isPending: isPending && wrong.length > 0 };
  });
  return { isGood: stripe.state === "agrees" && checks.every(({ wrong }) => wrong.length === 0), stripe, checks };
}

function stripeState(lines: readonly StripeLine[], now: Date): StripeState {
  // An account that never had anything need not be known to agree.
  const unknown = lines.filter(({ atStripeMinor, bookedMinor }) => atStripeMinor === null && bookedMinor !== 0n);
  const asked = lines.flatMap(({ askedAt }) => askedAt ?? []);
  const first = asked[0];
  if (first === undefined || unknown.length > 0)
    return { state: "not yet", accounts: [...new Set(unknown.map(({ account }) => account))] };
  const askedAt = asked.reduce((oldest, each) => (each < oldest ? each : oldest), first);
  const known = lines.filter(({ atStripeMinor }) => atStripeMinor !== null);
  const differing = known.filter((line) => differs(line));
  const is = (state: "agrees" | "stale" | "moving" | "differs"): StripeState => ({ state, askedAt, lines: known });
  if (differing.some(({ movedSince }) => !movedSince)) return is("differs");
  if (differing.length > 0) return is("moving");
  return is(now.getTime() - askedAt.getTime() > freshMs ? "stale" : "agrees");
}

function differs({ atStripeMinor, bookedMinor }: StripeLine): boolean {
  return atStripeMinor !== null && atStripeMinor !== bookedMinor;
}

function isMoving(line: StripeLine): boolean {
  return differs(line) && line.movedSince;
}
