import type { PermissionName } from "../../../src/core/stripe-key.ts";

type Mode = "sandbox" | "test" | "live";

const modeNames: Record<Mode, string> = { sandbox: "sandbox", test: "test", live: "live" };

/** Words of the pages that connect a Stripe account, and of `npm run stripe:check`. */
export const stripeWords = {
  over: "Settings",
  title: "Stripe",
  heading: "Stripe accounts",
  lead: "Each organisation takes its gifts through a Stripe account of its own. Keys that you paste here are kept encrypted and never shown again.",
  none: "There is no account yet. It is made together with an organisation.",
  makeOrganisation: "Add an organisation",
  modes: {
    sandbox: "Sandbox: payments are played here, and no real money moves.",
    test: "Stripe's test mode: no real money moves.",
    live: "Live: real money.",
  } satisfies Record<Mode, string>,
  open: "Open",
  openOf: (name: string): string => `Open ${name}`,
  connected: "Connected",
  notConnected: "Not connected yet",
  accountTitle: (name: string): string => `Stripe for ${name}`,
  back: "All Stripe accounts",
  done: {
    kept: "The key is kept. Gifts can be taken through this account within a few seconds.",
    secret: "The signing secret is kept. Stripe's messages are taken within a few seconds.",
    endpoint: "The webhook endpoint was made at Stripe, and its secret is kept here.",
    forgotten: "The key is forgotten. Nothing is asked or taken with it any more.",
  } as Readonly<Record<string, string>>,

  stateHeading: "How it stands",
  state: {
    mode: "Mode",
    account: "Account at Stripe",
    key: "Secret key",
    secret: "Webhook secret",
    endpoint: "Webhook endpoint",
    version: "API version",
    lastEvent: "Last event",
    lastSweep: "Events looked through until",
    payouts: "Payouts",
  },
  never: "never",
  notTold: "Stripe did not say. The key may not ask for it.",
  asked: "Stripe could not be asked just now.",
  noKey: "none yet",
  fromSettings: "from the settings of the environment, which come first",
  fromSandbox: "made by the sandbox",
  keyOf: (lastFour: string, since: string): string => `ends in ${lastFour}, since ${since}`,
  noEndpoint: "Stripe has no endpoint for this address",
  endpointOff: (url: string): string => `${url}, disabled at Stripe: enable it there, or make a new one here`,
  endpointOn: (url: string): string => `${url}, enabled`,
  missingTypes: (types: readonly string[]): string => `It does not send ${types.join(", ")}.`,
  versionSame: (ours: string): string => `${ours}, as this version of Almonry reads it`,
  versionOther: (its: string, ours: string): string =>
    `the endpoint writes ${its}, this version of Almonry reads ${ours}: make a new endpoint here`,
  versionOfAccount: (ours: string): string =>
    `the endpoint writes the account's own version, this version of Almonry reads ${ours}: make a new endpoint here`,
  payouts: {
    daily: "every day, by Stripe itself",
    weekly: "every week, by Stripe itself",
    monthly: "every month, by Stripe itself",
    manual: "by hand",
  } as Readonly<Record<string, string>>,
  manualPayouts:
    "Payouts are made by hand. Of those Stripe does not say which payments are in them, so a payout cannot be matched with its gifts. Choose automatic payouts at Stripe to have every bank line proved.",
  instantPayouts:
    "Some payouts were instant. Of those Stripe does not say which payments are in them, so they cannot be matched with their gifts, and they cost a fee.",

  polled:
    "There is no webhook endpoint. Almonry fetches the account's events every minute instead; gifts show up a minute later, and nothing else is different.",
  notPublic: (baseUrl: string): string =>
    `Stripe cannot reach ${baseUrl}: an endpoint needs a public address with https. Events are fetched every minute instead. Set BASE_URL once there is such an address, and make the endpoint then.`,

  pasteHeading: "Connect",
  pasteAgainHeading: "Change the key",
  pasteLead:
    "Make a restricted key at Stripe for Almonry alone, and paste it here. Before anything is kept, every permission is tried.",
  pasteSandbox: (key: string): string =>
    `To play it through, use the sandbox's own restricted key: ${key}. A test key of Stripe's connects this database to Stripe's test mode, as long as nothing was paid in the sandbox.`,
  keyLabel: "Secret key or restricted key",
  keyHint: "Begins with rk_ or sk_. It is kept encrypted and not shown again.",
  keyPages: {
    sandbox: "https://dashboard.stripe.com/test/apikeys",
    test: "https://dashboard.stripe.com/test/apikeys",
    live: "https://dashboard.stripe.com/apikeys",
  } satisfies Record<Mode, string>,
  keyPage: "Keys at Stripe",
  tryButton: "Try this key",
  errors: {
    noKey: "Paste a key.",
    notAKey: "This is no secret key of Stripe: they begin with sk_test_, sk_live_, rk_test_ or rk_live_.",
    publishable: "This is a publishable key (pk_). The one that is needed begins with rk_ or sk_.",
    webhookSecret: "This is a webhook secret (whsec_). It belongs into the field for it below.",
    practice: "This is a key of the sandbox, and this database is not the sandbox's.",
    otherMode: (ours: Mode, its: Mode): string =>
      `This database holds ${modeNames[ours]} payments and stays so, and this is a ${modeNames[its]} key: go live makes another database.`,
    refused: (words: string): string => `Stripe does not take this key. It says: ${words}`,
    away: (words: string): string => `Stripe could not be asked, so nothing was kept. ${words}`,
    tooOld: "That took longer than half an hour, so the key was not kept. Paste it again.",
    noEndpoint: (words: string): string => `Stripe did not make the endpoint, so nothing was kept. It says: ${words}`,
    notKept: (words: string): string => `It was not kept: ${words}.`,
    notASecret: "This is no signing secret: they begin with whsec_.",
    keyFirst: "Paste a key first: the endpoint is made with it.",
  },

  triedHeading: "What this key may do",
  triedAll: "Everything that Almonry asks of Stripe is allowed.",
  triedMissing: (missing: number): string =>
    missing === 1
      ? "One permission is missing. Add it to the key at Stripe, then try the key again."
      : `${missing} permissions are missing. Add them to the key at Stripe, then try the key again.`,
  triedOf: (name: string): string => `It is the key of ${name}.`,
  unnamed: "an account that the key may not ask for its name",
  columns: { permission: "Permission", outcome: "Outcome" },
  outcomes: { granted: "allowed", missing: "missing", "not known": "Stripe did not say" },
  stripeSays: (words: string): string => `Stripe says: ${words}`,
  keepHeading: "Keep it",
  keepButton: "Keep this key",
  keepAnyway: "Keep it although something is missing",
  keepWithEndpoint:
    "Almonry makes the webhook endpoint at Stripe by itself, for exactly the events it reads, and keeps its secret.",
  keepWithout: "No endpoint is made: events are fetched every minute.",
  switching: (mode: Mode): string =>
    `With it, this database becomes one of ${modeNames[mode]} payments for good, and the sandbox stays behind.`,
  permissions: {
    "read balance": "Balance: read",
    "read balance transactions": "Balance transactions: read",
    "read charges": "Charges: read",
    "read refunds": "Refunds: read",
    "read payment intents": "Payment intents: read",
    "read customers": "Customers: read",
    "read disputes": "Disputes: read",
    "read events": "Events: read",
    "read payouts": "Payouts: read",
    "read checkout sessions": "Checkout sessions: read",
    "write checkout sessions": "Checkout sessions: write",
    "write products": "Products: write",
    "write prices": "Prices: write",
    "read subscriptions": "Subscriptions: read",
    "read invoices": "Invoices: read",
    "read webhook endpoints": "Webhook endpoints: read",
    "write webhook endpoints": "Webhook endpoints: write",
  } satisfies Record<PermissionName, string>,

  endpointHeading: "Webhook endpoint",
  endpointLead: "With an endpoint Stripe tells of every gift within a second.",
  endpointButton: "Make the endpoint at Stripe",
  endpointAgain: "Make a new endpoint at Stripe",
  manualHeading: "Make it by hand instead",
  manualLead:
    "At Stripe, add an endpoint with this address, this API version and these events. Then paste its signing secret here.",
  manualAddress: "Address",
  manualVersion: "API version",
  manualEvents: "Events",
  secretLabel: "Signing secret",
  secretHint: "Begins with whsec_. It is kept encrypted and not shown again.",
  secretButton: "Keep this secret",

  forgetHeading: "Forget the key",
  forgetLead: "Gifts through this account then stop until another key is pasted. Delete the key at Stripe as well.",
  forgetButton: "Forget the secret key",
};
