/** What stood in an account of the books before a period, and what moved in it; debits above zero, credits below. */
export type BookSum = {
  currency: string;
  code: string;
  name: string;
  beforeMinor: bigint;
  movedMinor: bigint;
};

/** The same of one organisation's books. */
export type FundSum = BookSum & { organisation: string };

/** The lines of a fund's statement between opening and closing, each with the accounts that it sums, in their order. */
export const statementLines = {
  brought: ["3000"],
  given: ["4000", "4020"],
  returned: ["4090", "1110"],
  proceeds: ["3920"],
  sales: ["4100", "4190", "1115", "5020", "5100", "3910"],
  otherIncome: ["4400"],
  fees: ["5000", "5010", "5300"],
  paidOut: ["6000", "6010", "6020"],
  expenses: ["6900", "6910"],
  transfers: ["3900"],
  exchange: ["7000", "5320"],
} as const;

export type StatementLine = keyof typeof statementLines | "other";

/** One line of a statement; amounts stand in the order of the statement's organisations, what the fund gained above zero. */
export type Statement = {
  currency: string;
  /** Slugs. */
  organisations: string[];
  opening: bigint[];
  lines: { line: StatementLine; codes: string[]; amounts: bigint[] }[];
  closing: bigint[];
  /** Where the closing balance is: what the fund has, less what it owes. */
  places: { code: string; name: string; amounts: bigint[] }[];
};

/** Disputed money is no place where a fund has anything: it has already lowered what was raised or sold. */
const disputed = new Set(["1110", "1115"]);

/** Whether an account says where money is, and not where it came from or went. */
function isPlace(code: string): boolean {
  return /^[12]/u.test(code) && !disputed.has(code);
}

/** A fund's statements, one a currency, from the sums of its accounts in each organisation's books. */
export function fundStatements(sums: readonly FundSum[]): Statement[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency))].sort();
  return currencies.map((currency) =>
    fundStatement(
      currency,
      sums.filter((sum) => sum.currency === currency),
    ),
  );
}

function fundStatement(currency: string, sums: readonly FundSum[]): Statement {
  const organisations = [...new Set(sums.map(({ organisation }) => organisation))];
  const amountsOf = (has: (sum: FundSum) => boolean, of: (sum: FundSum) => bigint): bigint[] =>
    organisations.map((organisation) =>
      sums.filter((sum) => sum.organisation === organisation && has(sum)).reduce((total, sum) => total + of(sum), 0n),
    );
  const isSource = ({ code }: FundSum): boolean => !isPlace(code);
  const known: ReadonlySet<string> = new Set(Object.values(statementLines).flat());
  const others = [...new Set(sums.filter(isSource).map(({ code }) => code))].filter((code) => !known.has(code)).sort();
  const named: [StatementLine, readonly string[]][] = [
    ...(Object.entries(statementLines) as [StatementLine, readonly string[]][]),
    ["other", others],
  ];
  const lines = named
    .map(([line, codes]) => ({
      line,
      codes: [...codes],
      amounts: amountsOf(
        ({ code }) => codes.includes(code),
        ({ movedMinor }) => -movedMinor,
      ),
    }))
    .filter(({ amounts }) => amounts.some((amount) => amount !== 0n));
  const codes = [...new Set(sums.map(({ code }) => code).filter((code) => isPlace(code)))].sort();
  return {
    currency,
    organisations,
    opening: amountsOf(isSource, ({ beforeMinor }) => -beforeMinor),
    lines,
    closing: amountsOf(isSource, ({ beforeMinor, movedMinor }) => -beforeMinor - movedMinor),
    places: codes
      .map((code) => ({
        code,
        name: sums.find((sum) => sum.code === code)?.name ?? code,
        amounts: amountsOf(
          (sum) => sum.code === code,
          ({ beforeMinor, movedMinor }) => beforeMinor + movedMinor,
        ),
      }))
      .filter(({ amounts }) => amounts.some((amount) => amount !== 0n)),
  };
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** An account in a trial balance: what stands in it at the end is a debit or a credit. */
export type TrialLine = BookSum & { debitMinor: bigint; creditMinor: bigint };

/** A trial balance in one currency: before and moved come to 0, debits to credits. */
export type TrialBalance = { currency: string; lines: TrialLine[]; debitMinor: bigint; creditMinor: bigint };

export function trialBalances(sums: readonly BookSum[]): TrialBalance[] {
  return [...new Set(sums.map(({ currency }) => currency))].sort().map((currency) => {
    const lines = sums.filter((sum) => sum.currency === currency).map(asTrialLine);
    return {
      currency,
      lines,
      debitMinor: sumOf(lines.map(({ debitMinor }) => debitMinor)),
      creditMinor: sumOf(lines.map(({ creditMinor }) => creditMinor)),
    };
  });
}

function asTrialLine(sum: BookSum): TrialLine {
  const stands = sum.beforeMinor + sum.movedMinor;
  return { ...sum, debitMinor: stands > 0n ? stands : 0n, creditMinor: stands < 0n ? -stands : 0n };
}
