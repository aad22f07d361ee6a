import { describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import type { KnownNames } from "../../src/core/read-setup.ts";

const nobody: KnownNames = { organisations: [], accounts: [], funds: [] };

/** The least file that says something of everything; fresh for each test, so that each may spoil it. */
function goodFile() {
  return {
    organisations: [
      { slug: "alov", name: "Alov", legalName: "Alov Foundation", address: "Toronto", contact: "a@example.org" },
    ] as Record<string, unknown>[],
    accounts: [{ slug: "main", organisation: "alov" }] as Record<string, unknown>[],
    funds: [
      { slug: "families", name: "Families", description: "For families.", accounts: ["main"] },
      { slug: "general", name: "General", description: "For all.", accounts: ["main"], generalOf: "alov" },
    ] as Record<string, unknown>[],
    campaigns: [
      {
        slug: "pin",
        name: "Pin",
        kind: "merchandise",
        fund: "families",
        account: "main",
        description: "A pin.",
        promise: { basis: "gross", wording: "All of it.", inForceFrom: "2021-01-01" },
        items: [{ slug: "pin", name: "Pin", priceMinor: 500 }],
      },
    ] as Record<string, unknown>[],
    sortingRules: [{ account: "main", description: "Dues", becomes: "other income" }] as Record<string, unknown>[],
  };
}
type File = ReturnType<typeof goodFile>;

/** The good file with one thing changed. */
function spoilt(change: (file: File) => void): File {
  const file = goodFile();
  change(file);
  return file;
}

describe("a set-up file", () => {
  it("is read with its defaults filled in", () => {
    const read = readSetup(goodFile(), nobody);
    expect(read).toMatchObject({
      ok: true,
      setup: {
        organisations: [{ currency: "CAD" }],
        funds: [{ public: true, bearsFees: true, presetsMinor: [] }, {}],
        campaigns: [{ promise: { rateBp: 10_000 } }],
      },
    });
  });

  it("may name what the database already has", () => {
    const known = {
      organisations: [{ slug: "alov", generalFund: "general" }],
      accounts: [{ slug: "main" }],
      funds: [{ slug: "families", accounts: ["main"] }],
    };
    const file = { campaigns: goodFile().campaigns, sortingRules: goodFile().sortingRules };
    expect(readSetup(file, known)).toMatchObject({ ok: true, setup: { organisations: [], funds: [] } });
  });
});

const put = (list: Record<string, unknown>[], index: number, change: Record<string, unknown>) =>
  Object.assign(list[index] ?? {}, change);

const refusals: [string, (file: File) => void, string][] = [
  ["a misspelt key", (file) => put(file.funds, 0, { naem: "x" }), 'funds[0]: Unrecognized key: "naem"'],
  [
    "a slug with capitals",
    (file) => put(file.accounts, 0, { slug: "Main" }),
    "accounts[0].slug: must be lower-case words joined by hyphens",
  ],
  ["an empty name", (file) => put(file.organisations, 0, { name: "  " }), "organisations[0].name: must not be empty"],
  [
    "a name with a NUL",
    (file) => put(file.organisations, 0, { name: "a\u0000b" }),
    "organisations[0].name: must not contain the character NUL",
  ],
  [
    "a currency in small letters",
    (file) => put(file.organisations, 0, { currency: "cad" }),
    "organisations[0].currency: must be three capital letters, such as CAD",
  ],
  [
    "a time zone that is none",
    (file) => put(file.organisations, 0, { timeZone: "Toronto" }),
    "organisations[0].timeZone: must be a time zone such as America/Toronto",
  ],
  [
    "an offset for a time zone",
    (file) => put(file.organisations, 0, { timeZone: "+04:00" }),
    "organisations[0].timeZone: must be a time zone such as America/Toronto",
  ],
  [
    "a Stripe account id that is none",
    (file) => put(file.accounts, 0, { stripeAccount: "main" }),
    "accounts[0].stripeAccount: must be an account id such as acct_1ABC",
  ],
  [
    "a fund without an account",
    (file) => put(file.funds, 0, { accounts: [] }),
    "funds[0].accounts: must name at least one account",
  ],
  [
    "a preset with a fraction of a cent",
    (file) => put(file.funds, 0, { presetsMinor: [10.5] }),
    "funds[0].presetsMinor[0]: Invalid input: expected int, received number",
  ],
  [
    "a preset of nothing",
    (file) => put(file.funds, 0, { presetsMinor: [0] }),
    "funds[0].presetsMinor[0]: must be a whole number of cents above 0",
  ],
  [
    "a day that is none",
    (file) => put(file.campaigns, 0, { startsOn: "2021-02-30" }),
    "campaigns[0].startsOn: must be a day such as 2021-03-04",
  ],
  [
    "a campaign that ends before it starts",
    (file) => put(file.campaigns, 0, { startsOn: "2021-02-02", endsOn: "2021-02-01" }),
    "campaigns[0].endsOn: campaign pin ends on 2021-02-01, before it starts on 2021-02-02",
  ],
  [
    "an item with neither price nor variants",
    (file) => put(file.campaigns, 0, { items: [{ slug: "pin", name: "Pin" }] }),
    "campaigns[0].items[0]: must have either variants or priceMinor",
  ],
  [
    "an item with both",
    (file) =>
      put(file.campaigns, 0, {
        items: [{ slug: "pin", name: "Pin", priceMinor: 1, variants: [{ slug: "a", name: "A", priceMinor: 1 }] }],
      }),
    "campaigns[0].items[0]: must have either variants or priceMinor",
  ],
  [
    "an account of an unknown organisation",
    (file) => put(file.accounts, 0, { organisation: "acmc" }),
    "accounts[0].organisation: account main names organisation acmc, which is not in this file or database",
  ],
  [
    "a fund of an unknown account",
    (file) => put(file.funds, 0, { accounts: ["main", "other"] }),
    "funds[0].accounts[1]: fund families names account other, which is not in this file or database",
  ],
  [
    "a general fund of an unknown organisation",
    (file) => put(file.funds, 0, { generalOf: "acmc" }),
    "funds[0].generalOf: fund families names organisation acmc, which is not in this file or database",
  ],
  [
    "two general funds of one organisation",
    (file) => put(file.funds, 0, { generalOf: "alov" }),
    "funds[1].generalOf: organisation alov already has the general fund families, and has exactly one",
  ],
  [
    "an organisation without a general fund",
    (file) => put(file.funds, 1, { generalOf: undefined }),
    'organisations[0]: organisation alov has no general fund; one fund must say "generalOf": "alov"',
  ],
  [
    "a campaign of an unknown fund",
    (file) => put(file.campaigns, 0, { fund: "children" }),
    "campaigns[0].fund: campaign pin names fund children, which is not in this file or database",
  ],
  [
    "a campaign of an unknown account",
    (file) => put(file.campaigns, 0, { account: "other" }),
    "campaigns[0].account: campaign pin names account other, which is not in this file or database",
  ],
  [
    "a rule that makes gifts for no fund",
    (file) => put(file.sortingRules, 0, { becomes: "gift" }),
    'sortingRules[0].fund: the rule for "Dues" makes gifts and must name their fund',
  ],
  [
    "a rule that makes other income for a fund",
    (file) => put(file.sortingRules, 0, { fund: "families" }),
    'sortingRules[0].fund: the rule for "Dues" makes other income, which belongs to no fund',
  ],
  [
    "a rule for an unknown account",
    (file) => put(file.sortingRules, 0, { account: "other" }),
    'sortingRules[0].account: the rule for "Dues" names account other, which is not in this file or database',
  ],
  [
    "the same slug twice",
    (file) => file.accounts.push({ slug: "main", organisation: "alov" }),
    "accounts[1]: main is already in this list",
  ],
  [
    "the same account twice in a fund",
    (file) => put(file.funds, 0, { accounts: ["main", "main"] }),
    "funds[0].accounts[1]: main is already in this list",
  ],
  [
    "the same rule twice",
    (file) => file.sortingRules.push({ account: "main", description: "Dues", becomes: "not ours" }),
    "sortingRules[1]: main: Dues is already in this list",
  ],
];

describe("a set-up file is refused, and its fault named by place, for", () => {
  it.each(refusals)("%s", (_, change, problem) => {
    expect(readSetup(spoilt(change), nobody)).toEqual({ ok: false, problems: [problem] });
  });

  it("a campaign paid through an account that is not its fund's", () => {
    const file = spoilt(({ accounts, campaigns }) => {
      accounts.push({ slug: "other", organisation: "alov" });
      put(campaigns, 0, { account: "other" });
    });
    const problem =
      "campaigns[0].account: campaign pin is paid through account other, which is not an account of fund families";
    expect(readSetup(file, nobody)).toEqual({ ok: false, problems: [problem] });
  });

  it("a second general fund beside the one in the database", () => {
    const known = { ...nobody, organisations: [{ slug: "alov", generalFund: "old-general" }] };
    const problem =
      "funds[1].generalOf: organisation alov already has the general fund old-general, and has exactly one";
    expect(readSetup(goodFile(), known)).toEqual({ ok: false, problems: [problem] });
  });

  it("a document that is no object", () => {
    expect(readSetup([], nobody)).toMatchObject({ ok: false, problems: [expect.stringMatching(/^the file: /u)] });
  });

  it("every fault at once", () => {
    const file = spoilt(({ accounts, campaigns }) => {
      put(accounts, 0, { organisation: "acmc" });
      put(campaigns, 0, { fund: "children" });
    });
    expect(readSetup(file, nobody)).toMatchObject({ ok: false, problems: { length: 2 } });
  });
});
