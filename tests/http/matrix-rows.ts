import type { Deed } from "../../src/core/role.ts";

/** What stands in the house of the matrix: something of organisation one, and the same of organisation two. */
export type Things = {
  /** Somebody who holds a role in this organisation only. */
  staff: string;
  /** A Stripe account of this organisation. */
  account: string;
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
  "GET /board/live": { deed: "see board" },
  "GET /desk": { deed: "see desk" },
  "GET /desk/dead-letters": { deed: "see desk" },
  "POST /desk/dead-letters": { deed: "keep money", fields: { letter: "all" } },
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
