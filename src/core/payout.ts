/** What a balance transaction is to a reader, in the order in which a payout shows them. */
export const movementKinds = [
  "gift",
  "gift and sale",
  "sale",
  "other income",
  "not ours",
  "refund",
  "refund failed",
  "dispute",
  "dispute won",
  "not completed",
  "fee",
  "reserve",
  "top-up",
  "payout",
  "assigned",
  "unknown",
  "waiting",
] as const;
export type MovementKind = (typeof movementKinds)[number];

/** A payout in the list. */
export type PayoutLine = {
  id: string;
  account: string;
  status: string;
  amountMinor: bigint;
  currency: string;
  automatic: boolean;
  method: string | null;
  created: Date;
  createdOn: string;
  arrivalDate: string;
  /** The failed payout that this one pays again. */
  originalPayout: string | null;
  membersKnown: boolean;
  members: number;
  isEstimated: boolean;
  isPosted: boolean;
  /** How far its members are from its amount. */
  unexplainedMinor: bigint;
};

/** A payout's place in the list, newest first: what comes after it is older. */
export type PayoutPlace = { created: Date; id: string };

export type PayoutState = "adds up" | "differs" | "estimated" | "members to come" | "on its way" | "failed";

/** What a reader has to know of a payout first. */
export function payoutState(
  payout: Pick<PayoutLine, "status" | "automatic" | "membersKnown" | "isPosted" | "unexplainedMinor">,
): PayoutState {
  if (payout.status === "failed" || payout.status === "canceled") return "failed";
  if (payout.unexplainedMinor !== 0n) return "differs";
  if (payout.membersKnown) return payout.isPosted ? "adds up" : "on its way";
  if (payout.automatic) return "members to come";
  return "estimated";
}

/** Whose fund's some money is; no fund: it waits for one. */
export type Share = { fund: string | null; slug: string | null; amountMinor: bigint };

/** A payout opened. */
export type OpenedPayout = Omit<PayoutLine, "created" | "members" | "isEstimated" | "isPosted" | "unexplainedMinor"> & {
  reversedBy: string | null;
  traceId: string | null;
  /** Members of which Stripe has told no more than their name. */
  unknownMembers: number;
  firstOn: string | null;
  lastOn: string | null;
  kinds: { kind: MovementKind; count: number; amountMinor: bigint; feeMinor: bigint; netMinor: bigint }[];
  shares: (Share & { isGeneral: boolean })[];
  /** Its own movements: the money that left, and, when it failed, that came back. */
  movements: {
    id: string;
    type: string;
    day: string;
    amountMinor: bigint;
    feeMinor: bigint;
    entries: { id: string; number: string; day: string }[];
  }[];
};

/** A balance transaction in a payout. */
export type PayoutMember = {
  id: string;
  created: Date;
  day: string;
  kind: MovementKind;
  paymentId: bigint | null;
  entryId: bigint | null;
  entryNumber: bigint | null;
  currency: string;
  amountMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  description: string | null;
  shares: Share[];
};

/** What all that is in a payout comes to. */
export type PayoutSum = { count: number; amountMinor: bigint; feeMinor: bigint; netMinor: bigint };

export function payoutSum({ kinds }: Pick<OpenedPayout, "kinds">): PayoutSum {
  return kinds.reduce(
    (sum, kind) => ({
      count: sum.count + kind.count,
      amountMinor: sum.amountMinor + kind.amountMinor,
      feeMinor: sum.feeMinor + kind.feeMinor,
      netMinor: sum.netMinor + kind.netMinor,
    }),
    { count: 0, amountMinor: 0n, feeMinor: 0n, netMinor: 0n },
  );
}

/** The state of an opened payout, which the list knows by what its entries could not explain. */
export function openedState(payout: OpenedPayout): PayoutState {
  const isPosted = payout.movements.some(({ entries }) => entries.length > 0);
  const unexplainedMinor = payout.membersKnown ? payout.amountMinor - payoutSum(payout).netMinor : 0n;
  return payoutState({ ...payout, isPosted, unexplainedMinor });
}

/** A place in an address: `1604448100123.po_1`. */
export function writeMoment({ created, id }: PayoutPlace): string {
  return `${created.getTime()}.${id}`;
}

/** The place that a word of an address means; null when it means none. */
export function readMoment(text: string | undefined): PayoutPlace | null {
  const match = /^(?<time>\d{1,15})\.(?<id>\w{1,255})$/u.exec(text ?? "");
  if (match?.groups === undefined) return null;
  const created = new Date(Number(match.groups["time"]));
  return Number.isNaN(created.getTime()) ? null : { created, id: match.groups["id"] ?? "" };
}
