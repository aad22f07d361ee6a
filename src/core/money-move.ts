/** What every move of money by hand says. */
type Recorded = {
  /** Names this recording: the same request again records nothing. */
  request: string;
  /** The slug of the organisation whose books it is in. */
  organisation: string;
  /** Local day, YYYY-MM-DD. */
  day: string;
  /** Why, in the treasurer's words; "" for nothing said. */
  note: string;
  /** Null: the organisation's. */
  currency: string | null;
};

export const payeeKinds = ["person or family", "qualified donee", "other"] as const;
export type PayeeKind = (typeof payeeKinds)[number];

export const functionalTags = ["charitable", "management", "fundraising"] as const;
export type FunctionalTag = (typeof functionalTags)[number];

/** The paper that proves a payment: its number is made of its content. */
export type Evidence = { id: string; type: EvidenceType; name: string; bytes: Uint8Array<ArrayBuffer> };

/** A move of money by hand; funds and organisations by slug. Each becomes one call of its own function of sql/0030. */
export type MoneyMove = Recorded &
  (
    | { kind: "transfer"; from: string; to: string; amountMinor: bigint }
    /** `note` is how donors were told; `rateBp` the share in hundredths of a percent, where one was told. */
    | { kind: "administration share"; fund: string; amountMinor: bigint; rateBp: bigint | null }
    | {
        kind: "disbursement";
        fund: string;
        amountMinor: bigint;
        payeeKind: PayeeKind;
        payee: string;
        purpose: string;
        evidence: Evidence | null;
      }
    | {
        kind: "expense";
        fund: string;
        amountMinor: bigint;
        tag: FunctionalTag;
        /** An account of the books; null: the one of its function. */
        code: string | null;
        payee: string;
        purpose: string;
        /** Not paid yet. */
        owed: boolean;
        evidence: Evidence | null;
      }
    | { kind: "payable paid"; fund: string; amountMinor: bigint; payee: string }
    | { kind: "deposit"; funds: { fund: string; amountMinor: bigint }[] }
    /** Above zero what was counted more than the books say, below zero what was less. */
    | { kind: "cash difference"; fund: string | null; amountMinor: bigint }
    | { kind: "collected for partner"; partner: string; fund: string; amountMinor: bigint }
    | {
        kind: "partner payment";
        partner: string;
        fund: string;
        amountMinor: bigint;
        purpose: string;
        paysOver: boolean;
      }
  );
export type MoveKind = MoneyMove["kind"];

export const evidenceTypes = ["application/pdf", "image/png", "image/jpeg", "image/webp"] as const;
export type EvidenceType = (typeof evidenceTypes)[number];
/** As sql/0030 has it. */
export const evidenceBytesMax = 2 * 1024 * 1024;

/** A move as the desk lists it, with what it did in the books of its organisation. */
export type ListedMove = {
  id: bigint;
  kind: MoveKind | "paid over" | "void";
  day: string;
  organisation: string;
  organisationId: bigint;
  partner: string | null;
  note: string;
  payeeKind: PayeeKind | null;
  payee: string | null;
  purpose: string | null;
  tag: FunctionalTag | null;
  rateBp: bigint | null;
  evidence: string | null;
  /** The move, or the payment by its key, that this one takes back. */
  voids: string | null;
  /** The number of the move that took this one back. */
  voidedBy: bigint | null;
  /** Whether this is the receiver's side of a payment between organisations. */
  isCounterpart: boolean;
  madeBy: string;
  lines: { code: string; account: string; fund: string; fundId: bigint; currency: string; amountMinor: bigint }[];
};

/** What was recorded by hand and what became of it. */
export type MoveOutcome = { ok: true; moveId: bigint; isNew: boolean } | { ok: false; refusal: string };
