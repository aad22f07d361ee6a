import { count } from "./count.ts";

/** Words of the pages under /desk/settings. */
export const settingWords = {
  desk: "Desk",
  title: "Settings",
  lead: "Who you are, what people give to and what they buy. Every change stands in the list of changes.",
  changeable: "Change",
  save: "Save",
  back: "Back without saving",
  goBack: "Back to the list",
  up: (name: string): string => `Move ${name} up`,
  down: (name: string): string => `Move ${name} down`,
  archive: "Archive",
  archiveOf: (name: string): string => `Archive ${name}`,
  reopen: "Open again",
  reopenOf: (name: string): string => `Open ${name} again`,
  archived: "archived",
  archivedHeading: "Archived",
  optional: "optional",
  errorTitle: (title: string): string => `Error: ${title}`,
  done: {
    saved: "Saved.",
    moved: "Moved.",
    archived: "Archived. What came in stays where it is; it can be opened again.",
    opened: "Open again.",
    removed: "Taken away.",
    pictured: "The picture is shown.",
    unpictured: "The picture is not shown any more.",
  } as Readonly<Record<string, string>>,
  rooms: {
    organisations: "Organisations",
    accounts: "Accounts",
    funds: "Funds",
    campaigns: "Campaigns",
    rules: "Sorting rules",
    words: "Words",
    changes: "Changes",
  },
  about: {
    organisations: "Name, address, registration, time zone and fiscal year.",
    accounts: "The Stripe accounts, their names and order. Their keys are under Stripe.",
    funds: "What people give to: texts, amounts, goals, who takes part.",
    campaigns: "What is sold for a fund: items, sizes, stock, and what is promised to buyers.",
    rules: "What becomes of payments that came by other ways than these pages.",
    words: "What a few places of the public pages say.",
    changes: "Who changed what, when, and how it was before.",
  },
  counted: {
    organisations: (n: number): string => count(n, "organisation", "organisations"),
    accounts: (n: number): string => count(n, "account", "accounts"),
    funds: (n: number): string => count(n, "fund", "funds"),
    campaigns: (n: number): string => count(n, "campaign", "campaigns"),
    rules: (n: number): string => count(n, "rule", "rules"),
  },
  /** A label and what is wrong: "Name must not be empty". */
  wrong: (label: string, message: string): string => `${label} ${message}`,
  /** What the database refused, as a sentence. */
  refused: (reason: string): string => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
  /** Said to whoever saves a form that somebody else has saved since it was opened. */
  changedMeanwhile: (now: readonly string[]): string =>
    `Somebody else changed this while you did${now.length === 0 ? "." : `: ${now.join("; ")}.`} What you typed is still here: save again to keep it instead.`,
  nowSays: (label: string, value: string): string =>
    value === "" ? `${label} is now empty` : `${label} is now “${value}”`,
  slug: "Address",
  slugHint: "Lower-case words joined by hyphens. Leave it empty to make it from the name.",
  yes: "Yes",
  no: "No",
};

export const organisationWords = {
  one: "Organisation",
  add: "Add an organisation",
  addLead: "It gets an account for its Stripe payments and a general fund, which bears its fees.",
  empty: "No organisation is set up yet. Begin here.",
  fields: {
    name: "Name",
    legalName: "Legal name",
    address: "Postal address",
    contact: "Contact",
    registrationNumber: "Registration number",
    accent: "Accent colour",
    currency: "Currency",
    timeZone: "Time zone",
    timeZoneSince: "Another time zone holds from",
    startsIn: "Fiscal year begins in",
    since: "From which day on",
    languages: "Languages",
    slug: settingWords.slug,
    fiscalYear: "Fiscal year",
    form: "This",
  },
  hints: {
    legalName: "As registered. Every public page and mail names it.",
    contact: "An e-mail address or web page that every public page shows.",
    registrationNumber: "With the authority that registers charities. Leave it empty if there is none.",
    accent: "Such as #8f1d3a. It is darkened or lightened where words could not be read.",
    currency: "Three letters, such as CAD. Fixed by the first payment.",
    timeZone: "Such as America/Toronto. Days begin and end there.",
    timeZoneSince:
      "Needed only for a change once there are payments. What came on days before it stays on its day; what came since is put on the days of the new zone within minutes, totals and journal too. A closed month never moves, so the day lies in an open one. Empty means the first of next month.",
    since: "What was counted before this day stays as it was. Empty means today.",
    languages: "Codes such as en, fr-CA. The first one is the main one.",
  },
  zoneFrom: (zone: string, day: string): string => `${zone} from ${day}`,
  zones: (zones: readonly string[]): string => `In force: ${zones.join(", then ")}.`,
  headings: { who: "Who you are", look: "How your pages look", time: "Money and time" },
  months: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  generalFund: (name: string): { name: string; description: string } => ({
    name: `${name} general fund`.slice(0, 120),
    description: `Keeps ${name} running.`,
  }),
};

export const accountWords = {
  one: "Account",
  add: "Add an account",
  empty: "No account yet. Adding an organisation makes one.",
  fields: {
    name: "Name",
    organisation: "Organisation",
    settlesIn: "Settles in",
    slug: settingWords.slug,
    form: "This",
  },
  hints: {
    name: "For the desk only, such as “Chequing account”.",
    settlesIn: "Currencies that it pays out, such as CAD, USD. Empty means the organisation's.",
    slug: "Its webhooks go to /webhooks/stripe/ and this. It cannot be changed later.",
  },
  door: (slug: string): string => `/webhooks/stripe/${slug}`,
  first: "first account",
};

export const fundSettingWords = {
  one: "Fund",
  add: "Add a fund",
  addFirst: "Add an organisation first: a fund's gifts are paid into its account.",
  empty: "No fund yet. People give to funds, so this is where to begin.",
  fields: {
    name: "Name",
    description: "Description",
    remark: "Remark under the title",
    restriction: "Restriction",
    public: "Who sees it",
    bearsFees: "Who bears card fees",
    lasting: "How long it lasts",
    receives: "Online gifts are paid into",
    accounts: "Also takes part",
    presetsMinor: "Suggested amounts",
    goalMinor: "Goal",
    currency: "Currency",
    slug: settingWords.slug,
    form: "This",
  },
  hints: {
    description:
      "An empty line begins a new paragraph. *Stars* make words slanted, **two stars** strong; [words](https://…) is a link.",
    restriction: "The only thing its money may be used for. Leave it empty if the description says it all.",
    presetsMinor: "Up to eight, such as 25 50 100.",
    goalMinor: "Leave it empty if there is none.",
    accounts: "Gifts to this fund that come into these accounts count as well.",
    receives: "The account's organisation stands first on the fund's page.",
    currency: "Three letters, such as CAD. Fixed by the first gift.",
    newSlug: "The page is at /funds/ and this. Leave it empty to make it from the name.",
    slug: "The page is at /funds/ and this. An earlier address goes on leading here.",
  },
  public: ["Everybody: it is on the public pages", "Nobody outside: it is hidden"] as const,
  bearsFees: [
    "The fund itself: fees come off what was given",
    "The general fund of the organisation that was paid",
  ] as const,
  lasting: ["It is there for good, and gifts can repeat", "It is for one time, and gifts do not repeat"] as const,
  headings: { what: "What it is for", how: "How people give", who: "Whose it is" },
  optional: "optional",
  general: "general fund",
  hidden: "hidden",
  oneTime: "one-time",
  see: "See its page",
  renameHeading: "Address",
  rename: "Change the address",
};

/** What a language is called, such as "French" or "French (Canada)"; its code where nobody knows. */
export function languageName(code: string): string {
  return (
    new Intl.DisplayNames(["en-CA"], { type: "language", fallback: "code", languageDisplay: "standard" }).of(code) ??
    code
  );
}

export const wordingWords = {
  lead: "A few places of the public pages, in your own words, for those who read the language. What you leave empty says what it always says, in English.",
  language: "Language",
  moreLanguages: "An organisation's languages are among its settings; each has its words here.",
  fields: {
    "funds-heading": "Heading of the front page",
    "funds-lead": "First sentence of the front page",
    "shop-lead": "Sentence above the shop",
    "thank-you": "Your thanks after a payment",
  },
  now: (ours: string): string => `Otherwise: ${ours}`,
  nothing: "nothing more than that the payment is recorded.",
  tooLong: (label: string, most: number): string => `${label} must have at most ${most} characters`,
};

export const ruleWords = {
  one: "Sorting rule",
  add: "Add a rule",
  lead: "Payments that did not come through these pages are sorted by their description. The first rule that fits counts.",
  empty: "No rule yet. What comes without a fund waits as unassigned.",
  fields: {
    account: "Account",
    description: "Description of the payment",
    becomes: "It becomes",
    fund: "Fund",
    form: "This",
  },
  hints: { description: "Exactly as Stripe has it." },
  gift: (fund: string): string => `A gift to ${fund}`,
  becomes: { "other income": "Other income, no gift", "not ours": "Not ours at all" },
  preview: "See what it would sort",
  confirm: (payments: number): string =>
    payments === 0 ? "Save the rule" : `Save it and sort ${count(payments, "payment", "payments")}`,
  previewHeading: "What this rule would do",
  previewNone: "No payment so far would be sorted anew. The rule is for those that come.",
  previewLine: (payments: number, was: string): string =>
    `${count(payments, "payment", "payments")} that ${payments === 1 ? "is" : "are"} ${was} now`,
  was: {
    waiting: "waiting for a fund",
    gift: (fund: string): string => `a gift to ${fund}`,
    "other income": "other income",
    "not ours": "not ours",
  },
  changedMeanwhile: "Other payments have come meanwhile. Look again before you confirm.",
  remove: "Take away",
  removeOf: (name: string): string => `Take the rule for ${name} away`,
};

export const pictureWords = {
  heading: "Picture",
  file: "A picture",
  hint: "PNG, JPEG or WebP, up to 300 kB.",
  shows: "What it shows",
  showsHint: "In a few words, for people who cannot see it.",
  send: "Show this picture",
  remove: "Take the picture away",
  errors: {
    "no picture": "Choose a picture",
    "too large": "The picture is larger than 300 kB. Make it smaller and try again",
    "not a picture": "This is no PNG, JPEG or WebP picture",
    "another type": "The file says it is of another type than it is",
    "too many pixels": "The picture has more than 6,000 pixels on a side",
  },
  showsMissing: "Say in a few words what the picture shows",
};

export const changeWords = {
  lead: "Every change of a setting, the newest first. The list only grows, and each line is sealed with the one before.",
  columns: { when: "When", who: "Who", what: "What", details: "Before and after" },
  kind: "Kind",
  all: "All kinds",
  filter: "Show",
  none: "Nothing was changed yet.",
  older: "Older changes",
  newest: "Newest changes",
  sentence: (kind: string, subject: string, deed: string): string => `${kind} ${subject} ${deed}`,
  nothing: "nothing",
  madeWith: "What it was made with",
  head: (number: bigint, hash: string): string => `Newest seal: change ${number}, ${hash}`,
  headHint: "Keep a copy elsewhere: whoever has it can tell if changes were taken away.",
};
