/** A part of a payment, as a correction names it. */
export type GiftPart = { payment: bigint; part: string };

export const correctedKinds = ["gift", "other income", "not ours"] as const;
export type CorrectedKind = (typeof correctedKinds)[number];

/** What of gifts was wrong; what is left out stays as it is. Unlike a transfer it moves the donor, too. */
export type Correction = {
  /** Names this decision: the same request again corrects nothing. */
  request: string;
  gifts: readonly GiftPart[];
  /** Whether all of the gift's plan from this gift on is meant, what is still to come included. */
  plan?: boolean;
  reason: string;
  /** Slugs; "" for no campaign. */
  fund?: string;
  campaign?: string;
  /** Whose gift it is; nobody known when empty. */
  person?: { email: string } | { person: string } | { name: string } | Record<string, never>;
  kind?: CorrectedKind;
};

/** A gift that waits for a fund, with the one that it would probably go to, and why that one. */
export type UnassignedGift = GiftPart & {
  occurredOn: string;
  name: string | null;
  email: string | null;
  description: string | null;
  organisation: string | null;
  organisationId: bigint | null;
  subscription: string | null;
  currency: string;
  amountMinor: bigint | null;
  likelyFund: string | null;
  likelyFundName: string | null;
  because: "person" | "description" | "general";
};

/** Money at Stripe that the books hold in suspense: in is above zero, out below. */
export type SuspenseLine = {
  account: string;
  id: string;
  organisation: string;
  organisationId: bigint;
  enteredOn: string;
  type: string;
  description: string | null;
  currency: string;
  amountMinor: bigint;
  canBeAssigned: boolean;
};

/** What somebody says that such money is. */
export type SuspenseAssignment = {
  lines: readonly { account: string; id: string }[];
  /** An account of the books. */
  code: string;
  fund: string;
  reason: string;
};

/** The accounts that unknown money can be said to belong to, as sql/0031 has them. */
export const suspenseCodes = [
  "4400",
  "2300",
  "5000",
  "5010",
  "5300",
  "5320",
  "6900",
  "6910",
  "7000",
  "1105",
  "1120",
  "2000",
] as const;

/** A gift as the form that corrects it begins. */
export type CorrectableGift = GiftPart & {
  kind: "order" | CorrectedKind;
  organisationId: bigint | null;
  organisation: string | null;
  occurredOn: string;
  currency: string;
  amountMinor: bigint | null;
  fund: string | null;
  fundName: string | null;
  campaign: string | null;
  campaignName: string | null;
  subscription: string | null;
  name: string | null;
  email: string | null;
};

/** The gifts that a form names in its fields `gift.<payment>.<part>`. */
export function readChosen(fields: Readonly<Record<string, string>>): GiftPart[] {
  return Object.keys(fields).flatMap((name) => {
    const gift = /^gift\.(?<payment>\d{1,18})\.(?<part>[\w-]{1,255})$/u.exec(name)?.groups;
    return gift === undefined ? [] : [{ payment: BigInt(gift["payment"] ?? "0"), part: gift["part"] ?? "" }];
  });
}
