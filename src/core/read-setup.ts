import { setupSchema } from "./setup.ts";
import type { Setup } from "./setup.ts";

/** What the database already has, so that a set-up file may name it. */
export type KnownNames = {
  organisations: { slug: string; generalFund: string | null }[];
  accounts: { slug: string }[];
  funds: { slug: string; accounts: string[] }[];
};

export type ReadSetup = { ok: true; setup: Setup } | { ok: false; problems: string[] };

/**
 * Reads the document of a set-up file. Its names are looked up in the file and in `known`, what the database has.
 * Every problem is one sentence that begins with its place, such as `funds[1].accounts[0]: ...`.
 */
export function readSetup(document: unknown, known: KnownNames): ReadSetup {
  const parsed = setupSchema.safeParse(document);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => `${place(issue.path)}: ${issue.message}`) };
  }
  const problems = setupProblems(parsed.data, known);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, setup: parsed.data };
}

/** A path as a person would write it: `funds[1].accounts[0]`. */
function place(path: PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

/**
 * What is wrong with the names in a set-up file: names nobody has, names used twice, money paid into an account that
 * does not belong to its fund, an organisation without a general fund. Empty when all is well.
 */
function setupProblems(setup: Setup, known: KnownNames): string[] {
  return [
    ...repeats(setup),
    ...accountProblems(setup, known),
    ...fundProblems(setup, known),
    ...campaignProblems(setup, known),
    ...ruleProblems(setup, known),
  ];
}

function accountProblems(setup: Setup, known: KnownNames): string[] {
  const organisations = names(setup.organisations, known.organisations);
  return setup.accounts
    .map((account, index) => ({ account, path: `accounts[${index}].organisation` }))
    .filter(({ account }) => !organisations.has(account.organisation))
    .map(
      ({ account, path }) => `${path}: account ${account.slug} names ${missing("organisation", account.organisation)}`,
    );
}

function fundProblems(setup: Setup, known: KnownNames): string[] {
  const organisations = names(setup.organisations, known.organisations);
  const accounts = names(setup.accounts, known.accounts);
  const problems: string[] = [];
  const generalFund = new Map<string, string>();
  for (const { slug, generalFund: fund } of known.organisations) if (fund !== null) generalFund.set(slug, fund);

  for (const [index, fund] of setup.funds.entries()) {
    for (const [position, account] of fund.accounts.entries()) {
      if (accounts.has(account)) continue;
      problems.push(`funds[${index}].accounts[${position}]: fund ${fund.slug} names ${missing("account", account)}`);
    }
    if (fund.generalOf === undefined) continue;
    const path = `funds[${index}].generalOf`;
    if (!organisations.has(fund.generalOf)) {
      problems.push(`${path}: fund ${fund.slug} names ${missing("organisation", fund.generalOf)}`);
      continue;
    }
    const other = generalFund.get(fund.generalOf);
    if (other !== undefined && other !== fund.slug) {
      problems.push(
        `${path}: organisation ${fund.generalOf} already has the general fund ${other}, and has exactly one`,
      );
    }
    generalFund.set(fund.generalOf, fund.slug);
  }

  for (const [index, { slug }] of setup.organisations.entries()) {
    if (generalFund.has(slug)) continue;
    problems.push(
      `organisations[${index}]: organisation ${slug} has no general fund; one fund must say "generalOf": "${slug}"`,
    );
  }
  return problems;
}

function campaignProblems(setup: Setup, known: KnownNames): string[] {
  const problems: string[] = [];
  for (const [index, campaign] of setup.campaigns.entries()) {
    const { slug, startsOn, endsOn } = campaign;
    const path = `campaigns[${index}]`;
    problems.push(
      ...unpayable({ setup, known, path, who: `campaign ${slug}`, account: campaign.account, fund: campaign.fund }),
    );
    if (startsOn !== undefined && endsOn !== undefined && endsOn < startsOn) {
      problems.push(`${path}.endsOn: campaign ${slug} ends on ${endsOn}, before it starts on ${startsOn}`);
    }
  }
  return problems;
}

function ruleProblems(setup: Setup, known: KnownNames): string[] {
  const problems: string[] = [];
  for (const [index, rule] of setup.sortingRules.entries()) {
    const path = `sortingRules[${index}]`;
    const who = `the rule for "${rule.description}"`;
    if (rule.becomes === "gift" && rule.fund === undefined) {
      problems.push(`${path}.fund: ${who} makes gifts and must name their fund`);
      continue;
    }
    if (rule.becomes !== "gift" && rule.fund !== undefined) {
      problems.push(`${path}.fund: ${who} makes ${rule.becomes}, which belongs to no fund`);
      continue;
    }
    problems.push(...unpayable({ setup, known, path, who, account: rule.account, fund: rule.fund }));
  }
  return problems;
}

type Paid = { setup: Setup; known: KnownNames; path: string; who: string; account: string; fund: string | undefined };

/** Whether `who` can be paid into `account` for `fund`: both must be there, and the fund must take gifts through it. */
function unpayable({ setup, known, path, who, account, fund }: Paid): string[] {
  const problems: string[] = [];
  if (!names(setup.accounts, known.accounts).has(account)) {
    problems.push(`${path}.account: ${who} names ${missing("account", account)}`);
  }
  if (fund === undefined) return problems;
  const through = [...known.funds, ...setup.funds].filter(({ slug }) => slug === fund);
  if (through.length === 0) problems.push(`${path}.fund: ${who} names ${missing("fund", fund)}`);
  if (problems.length > 0 || through.some(({ accounts }) => accounts.includes(account))) return problems;
  return [`${path}.account: ${who} is paid through account ${account}, which is not an account of fund ${fund}`];
}

/** Names used twice where they must be told apart. */
function repeats(setup: Setup): string[] {
  const problems = [
    ...twice("organisations", slugs(setup.organisations)),
    ...twice("accounts", slugs(setup.accounts)),
    ...twice("funds", slugs(setup.funds)),
    ...twice("campaigns", slugs(setup.campaigns)),
    ...twice(
      "sortingRules",
      setup.sortingRules.map(({ account, description }) => `${account}: ${description}`),
    ),
    ...setup.funds.flatMap((fund, index) => twice(`funds[${index}].accounts`, fund.accounts)),
  ];
  for (const [index, campaign] of setup.campaigns.entries()) {
    problems.push(...twice(`campaigns[${index}].items`, slugs(campaign.items)));
    for (const [position, item] of campaign.items.entries()) {
      problems.push(...twice(`campaigns[${index}].items[${position}].variants`, slugs(item.variants ?? [])));
    }
  }
  return problems;
}

function twice(path: string, values: string[]): string[] {
  return values
    .map((value, index) => ({ value, index }))
    .filter(({ value, index }) => values.indexOf(value) !== index)
    .map(({ value, index }) => `${path}[${index}]: ${value} is already in this list`);
}

function slugs(list: { slug: string }[]): string[] {
  return list.map(({ slug }) => slug);
}

function names(inFile: { slug: string }[], inDatabase: { slug: string }[]): Set<string> {
  return new Set([...slugs(inFile), ...slugs(inDatabase)]);
}

function missing(what: string, name: string): string {
  return `${what} ${name}, which is not in this file or database`;
}
