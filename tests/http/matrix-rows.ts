import type { Deed } from "../../src/core/role.ts";

/** What stands in the house of the matrix: something of organisation one, and the same of organisation two. */
export type Things = {
  /** Somebody who holds a role in this organisation only. */
  staff: string;
  /** A sorting rule of an account of this organisation. */
  rule: string;
  /** A gift to this organisation, by the number of its payment. */
  payment: string;
  /** A Stripe account of this organisation. */
  account: string;
  /** An entry in this organisation's books, by its id. */
  entry: string;
  /** A payout of an account of this organisation. */
  payout: string;
  /** A spot check of this organisation. */
  check: string;
  /** A board pack of this organisation, by its number. */
  pack: string;
};

export type Row = {
  /** What the route's guard asks for; "own account": to be signed in. */
  deed: Deed | "own account";
  /** The address of something that belongs to one organisation; the same for each. */
  of?: (things: Things) => string;
  /** Fields of a form that would be taken. */
  fields?: Record<string, string>;
};

const stripe = "/desk/settings/stripe";

/**
 * Every route that is not open to all, by method and pattern. tests/http/matrix.test.ts tries each of them as everybody,
 * and fails as long as one has no row here.
 */
export const rows: Readonly<Record<string, Row>> = {
  "GET /account": { deed: "own account" },
  "POST /account/password": { deed: "own account" },
  "POST /account/sessions": { deed: "own account", fields: { session: "nobody's" } },
  "GET /account/second-factor": { deed: "own account" },
  "POST /account/second-factor": { deed: "own account" },
  "POST /account/second-factor/confirm": { deed: "own account" },
  "POST /account/second-factor/codes": { deed: "own account" },
  "POST /account/second-factor/off": { deed: "own account" },
  "GET /board": { deed: "see board" },
  "GET /board/totals.json": { deed: "see board" },
  "GET /board/:table{[a-z-]+\\.csv}": { deed: "see board", of: () => "/board/funds.csv?organisation=house" },
  "GET /board/live": { deed: "see board" },
  "GET /board/spot-checks": { deed: "see board" },
  "POST /board/spot-checks": { deed: "keep money", fields: { organisation: "house" } },
  "GET /board/spot-checks/:id{[0-9]{1,18}}": { deed: "see board", of: ({ check }) => `/board/spot-checks/${check}` },
  "POST /board/spot-checks/:id{[0-9]{1,18}}/ticks": {
    deed: "keep money",
    of: ({ check }) => `/board/spot-checks/${check}/ticks`,
    fields: { place: "1", outcome: "found" },
  },
  "GET /board/packs": { deed: "see board" },
  "GET /board/packs/new": { deed: "keep money" },
  "POST /board/packs/new": { deed: "keep money", fields: { languages: "en" } },
  "POST /board/packs/monthly": { deed: "keep money", fields: { languages: "off" } },
  "GET /board/packs/:number{[0-9]{1,9}}": { deed: "see board", of: ({ pack }) => `/board/packs/${pack}` },
  "GET /board/packs/:number{[0-9]{1,9}}/pack.pdf": {
    deed: "see board",
    of: ({ pack }) => `/board/packs/${pack}/pack.pdf`,
  },
  "POST /board/packs/:number{[0-9]{1,9}}/links": {
    deed: "keep money",
    of: ({ pack }) => `/board/packs/${pack}/links`,
    fields: { days: "7" },
  },
  "POST /board/packs/:number{[0-9]{1,9}}/links/revoke": {
    deed: "keep money",
    of: ({ pack }) => `/board/packs/${pack}/links/revoke`,
    fields: { link: "1" },
  },
  "GET /desk": { deed: "see desk" },
  "GET /desk/dead-letters": { deed: "see desk" },
  "POST /desk/dead-letters": { deed: "keep money", fields: { letter: "all" } },
  "POST /desk/start": { deed: "manage staff", fields: { alone: "yes" } },
  "GET /desk/alerts": { deed: "see desk" },
  "POST /desk/alerts": { deed: "keep money", fields: { alert: "1", take: "yes" } },
  "POST /desk/mail": { deed: "keep money" },
  "GET /desk/gifts": { deed: "see desk" },
  "POST /desk/gifts": { deed: "see desk", fields: { q: "leyla" } },
  "GET /desk/gifts.csv": { deed: "see desk" },
  "POST /desk/gifts.csv": { deed: "see desk", fields: { q: "leyla" } },
  "GET /desk/gifts/:payment{[0-9]{1,18}}": { deed: "see desk", of: ({ payment }) => `/desk/gifts/${payment}` },
  "GET /desk/gifts/:payment{[0-9]{1,18}}/correct/:part{[\\w-]{1,255}}": {
    deed: "keep money",
    of: ({ payment }) => `/desk/gifts/${payment}/correct/whole`,
  },
  "POST /desk/gifts/:payment{[0-9]{1,18}}/correct/:part{[\\w-]{1,255}}": {
    deed: "keep money",
    of: ({ payment }) => `/desk/gifts/${payment}/correct/whole`,
  },
  "GET /desk/money": { deed: "see desk" },
  "GET /desk/money/new/:kind": { deed: "keep money" },
  "POST /desk/money/new/:kind": { deed: "keep money" },
  "GET /desk/money/opening/:organisation": { deed: "keep money", of: () => "/desk/money/opening/house" },
  "POST /desk/money/opening/:organisation": { deed: "keep money", of: () => "/desk/money/opening/house" },
  "POST /desk/money/void": { deed: "keep money" },
  "GET /desk/money/:move{[0-9]{1,18}}/paper": { deed: "see desk" },
  "GET /desk/review": { deed: "see desk" },
  "POST /desk/review/gifts": { deed: "keep money" },
  "POST /desk/review/suspense": { deed: "keep money" },
  "GET /desk/books": { deed: "see desk" },
  "POST /desk/books/compare": { deed: "keep money", fields: { organisation: "house" } },
  "GET /desk/books/proofs.json": { deed: "see desk" },
  "GET /desk/books/trial-balance": { deed: "see desk" },
  "GET /desk/books/trial-balance.csv": { deed: "see desk" },
  "GET /desk/books/trial-balance.json": { deed: "see desk" },
  "GET /desk/books/funds/:slug": { deed: "see desk", of: () => "/desk/books/funds/families" },
  "GET /desk/books/funds/:slug/statement.csv": {
    deed: "see desk",
    of: () => "/desk/books/funds/families/statement.csv",
  },
  "GET /desk/books/funds/:slug/statement.json": {
    deed: "see desk",
    of: () => "/desk/books/funds/families/statement.json",
  },
  "GET /desk/books/entries": { deed: "see desk" },
  "GET /desk/books/entries.csv": { deed: "see desk" },
  "GET /desk/books/entries.json": { deed: "see desk" },
  "GET /desk/books/entries/:id{[0-9]{1,18}}": { deed: "see desk", of: ({ entry }) => `/desk/books/entries/${entry}` },
  "GET /desk/books/payouts": { deed: "see desk" },
  "GET /desk/books/payouts.csv": { deed: "see desk" },
  "GET /desk/books/payouts.json": { deed: "see desk" },
  "GET /desk/books/payouts/check": { deed: "see desk" },
  "POST /desk/books/payouts/check": { deed: "see desk" },
  "GET /desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}": {
    deed: "see desk",
    of: ({ payout }) => `/desk/books/payouts/${payout}`,
  },
  "GET /desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}/members.json": {
    deed: "see desk",
    of: ({ payout }) => `/desk/books/payouts/${payout}/members.json`,
  },
  "GET /desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}/members.csv": {
    deed: "see desk",
    of: ({ payout }) => `/desk/books/payouts/${payout}/members.csv`,
  },
  "GET /desk/staff": { deed: "manage staff" },
  "POST /desk/staff": { deed: "manage staff" },
  "GET /desk/staff/:id": { deed: "manage staff", of: ({ staff }) => `/desk/staff/${staff}` },
  "POST /desk/staff/:id/roles": {
    deed: "manage staff",
    of: ({ staff }) => `/desk/staff/${staff}/roles`,
    fields: { role: "reviewer", where: "nowhere" },
  },
  "POST /desk/staff/:id/roles/take": { deed: "manage staff", of: ({ staff }) => `/desk/staff/${staff}/roles/take` },
  "POST /desk/staff/:id/reset": { deed: "manage staff", of: ({ staff }) => `/desk/staff/${staff}/reset` },
  "POST /desk/staff/:id/remove": { deed: "manage staff", of: ({ staff }) => `/desk/staff/${staff}/remove` },
  "GET /desk/settings": { deed: "see desk" },
  "GET /desk/settings/organisations": { deed: "see desk" },
  "GET /desk/settings/accounts": { deed: "see desk" },
  "GET /desk/settings/funds": { deed: "see desk" },
  "GET /desk/settings/campaigns": { deed: "see desk" },
  "GET /desk/settings/rules": { deed: "see desk" },
  "GET /desk/settings/changes": { deed: "see desk" },
  "GET /desk/settings/words": { deed: "change settings" },
  "POST /desk/settings/words": { deed: "change settings" },
  "POST /desk/settings/order": { deed: "change funds", fields: { kind: "fund", id: "0", way: "up" } },
  "POST /desk/settings/archive": { deed: "change funds", fields: { kind: "fund", id: "0", archived: "yes" } },
  "GET /desk/settings/organisations/new": { deed: "change settings" },
  "POST /desk/settings/organisations/new": { deed: "change settings" },
  "GET /desk/settings/organisations/:slug": { deed: "change settings", of: () => "/desk/settings/organisations/house" },
  "POST /desk/settings/organisations/:slug": {
    deed: "change settings",
    of: () => "/desk/settings/organisations/house",
  },
  "POST /desk/settings/organisations/:slug/picture": {
    deed: "change settings",
    of: () => "/desk/settings/organisations/house/picture",
  },
  "POST /desk/settings/organisations/:slug/picture/remove": {
    deed: "change settings",
    of: () => "/desk/settings/organisations/house/picture/remove",
  },
  "GET /desk/settings/accounts/new": { deed: "change settings" },
  "POST /desk/settings/accounts/new": { deed: "change settings" },
  "GET /desk/settings/accounts/:slug": { deed: "change settings", of: () => "/desk/settings/accounts/main" },
  "POST /desk/settings/accounts/:slug": { deed: "change settings", of: () => "/desk/settings/accounts/main" },
  "GET /desk/settings/funds/new": { deed: "change funds" },
  "POST /desk/settings/funds/new": { deed: "change funds" },
  "GET /desk/settings/funds/:slug": { deed: "change funds", of: () => "/desk/settings/funds/families" },
  "POST /desk/settings/funds/:slug": { deed: "change funds", of: () => "/desk/settings/funds/families" },
  "POST /desk/settings/funds/:slug/picture": {
    deed: "change funds",
    of: () => "/desk/settings/funds/families/picture",
  },
  "POST /desk/settings/funds/:slug/picture/remove": {
    deed: "change funds",
    of: () => "/desk/settings/funds/families/picture/remove",
  },
  "GET /desk/settings/campaigns/new": { deed: "change funds" },
  "POST /desk/settings/campaigns/new": { deed: "change funds" },
  "GET /desk/settings/campaigns/:slug": { deed: "change funds", of: () => "/desk/settings/campaigns/pins" },
  "POST /desk/settings/campaigns/:slug": { deed: "change funds", of: () => "/desk/settings/campaigns/pins" },
  "POST /desk/settings/campaigns/:slug/picture": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/picture",
  },
  "POST /desk/settings/campaigns/:slug/picture/remove": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/picture/remove",
  },
  "POST /desk/settings/funds/:slug/address": {
    deed: "change funds",
    of: () => "/desk/settings/funds/families/address",
  },
  "GET /desk/settings/campaigns/:slug/promise": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/promise",
  },
  "POST /desk/settings/campaigns/:slug/promise": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/promise",
  },
  "GET /desk/settings/campaigns/:slug/items/new": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/new",
  },
  "GET /desk/settings/campaigns/:slug/items/:item": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/pin",
  },
  "POST /desk/settings/campaigns/:slug/items/new": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/new",
  },
  "POST /desk/settings/campaigns/:slug/items/:item": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/pin",
  },
  "POST /desk/settings/campaigns/:slug/items/:item/picture": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/pin/picture",
  },
  "POST /desk/settings/campaigns/:slug/items/:item/picture/remove": {
    deed: "change funds",
    of: () => "/desk/settings/campaigns/pins/items/pin/picture/remove",
  },
  "GET /desk/settings/rules/new": { deed: "change funds" },
  "GET /desk/settings/rules/:id": { deed: "change funds", of: ({ rule }) => `/desk/settings/rules/${rule}` },
  "POST /desk/settings/rules/new": { deed: "change funds" },
  "POST /desk/settings/rules/:id": { deed: "change funds", of: ({ rule }) => `/desk/settings/rules/${rule}` },
  "POST /desk/settings/rules/:id/remove": {
    deed: "change funds",
    of: ({ rule }) => `/desk/settings/rules/${rule}/remove`,
  },
  "GET /desk/start": { deed: "see desk" },
  "GET /desk/settings/go-live": { deed: "change settings" },
  "POST /desk/settings/go-live": { deed: "change settings" },
  "GET /desk/settings/stripe": { deed: "change settings" },
  "GET /desk/settings/stripe/:account": { deed: "change settings", of: ({ account }) => `${stripe}/${account}` },
  "GET /desk/settings/stripe/:account/:deed": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/try`,
  },
  "POST /desk/settings/stripe/:account/try": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/try`,
  },
  "POST /desk/settings/stripe/:account/keep": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/keep`,
  },
  "POST /desk/settings/stripe/:account/secret": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/secret`,
    fields: { secret: "whsec_0123456789" },
  },
  "POST /desk/settings/stripe/:account/endpoint": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/endpoint`,
  },
  "POST /desk/settings/stripe/:account/forget": {
    deed: "change settings",
    of: ({ account }) => `${stripe}/${account}/forget`,
  },
};
