import { z } from "zod";
import { normaliseEmail } from "./identity.ts";
import { parseAmount } from "./money.ts";
import { noteLengthMax } from "./refusal.ts";

/** A gift by hand, ready to be recorded: cash, a cheque, an e-Transfer. */
export type Cash = {
  /** Names this recording: the same request again records nothing and answers the same gift. */
  request: string;
  fund: string;
  /** The organisation that took the money; null: the one whose account the fund names first. */
  organisation: string | null;
  amountMinor: bigint;
  /** Null: the currency of the fund. */
  currency: string | null;
  /** Local day, YYYY-MM-DD. */
  day: string;
  /** Who gave: a normalised e-mail, or else a person's number, or else the name of a new person; nobody known without. */
  email: string | null;
  person: bigint | null;
  name: string | null;
  note: string | null;
};

const text = z.string().trim().min(1, "must not be empty");
const optional = <Part extends z.ZodType>(part: Part) => part.optional().transform((value) => value ?? null);

/** The fields of a gift by hand as somebody typed them. */
const typedCash = z
  .strictObject({
    fund: text,
    amount: text,
    day: z.iso.date("must be a day such as 2021-03-04"),
    organisation: optional(text),
    email: optional(
      z
        .string()
        .transform(normaliseEmail)
        .refine((email) => email !== null, "must be an e-mail address"),
    ),
    name: optional(text.max(200, "must be at most 200 characters")),
    person: optional(
      z
        .string()
        .regex(/^[1-9]\d{0,17}$/u, "must be a person's number")
        .transform(BigInt),
    ),
    note: optional(text.max(noteLengthMax, `must be at most ${noteLengthMax} characters`)),
  })
  .refine(({ email, name, person }) => [email, name, person].filter((who) => who !== null).length <= 1, {
    message: "take only one of --email, --name and --person",
  });

/** What was typed, understood but for the amount, whose decimals depend on the fund's currency. */
export type TypedCash = z.output<typeof typedCash>;

export type Read<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** Reads the typed fields; a problem is one line that names its field. */
export function readCash(typed: Readonly<Record<string, string | undefined>>): Read<TypedCash> {
  const parsed = typedCash.safeParse(typed);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path[0];
  if (typeof field !== "string") return { ok: false, problem: issue?.message ?? "nothing was stated" };
  if (typed[field] === undefined) return { ok: false, problem: `--${field} is missing` };
  return { ok: false, problem: `--${field} ${issue?.message ?? "cannot be used"}` };
}

/**
 * Reads a typed amount in `currency`; it must be above zero. A form shows a person what it understood before anything is
 * paid, a command does not: so 50.555, which would be read as fifty thousand, is refused here.
 */
export function readCashAmount(typed: string, currency: string): Read<bigint> {
  if (/^\D*\d{1,3}\.\d{3}\D*$/u.test(typed)) {
    return { ok: false, problem: `--amount ${typed} may be read in two ways; write it such as 1000.00` };
  }
  const amount = parseAmount(typed, currency);
  if (!amount.ok && amount.reason === "too many decimals") {
    return { ok: false, problem: `--amount ${typed} has more decimals than ${currency}` };
  }
  if (!amount.ok) return { ok: false, problem: `--amount ${typed} is not an amount such as 50.00` };
  if (amount.amountMinor === 0n) return { ok: false, problem: "--amount must be above zero" };
  return { ok: true, value: amount.amountMinor };
}
