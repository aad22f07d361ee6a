import type { Hono, MiddlewareHandler } from "hono";
import type Stripe from "stripe";
import type { Auth } from "../auth/auth.ts";
import type { Log } from "../core/log.ts";
import type { MailWay } from "../core/mail.ts";
import type { Role, Staff } from "../core/role.ts";
import type { SignedInStaff } from "../core/staff.ts";
import type { Doer } from "../db/account-key.ts";
import type { Sql } from "../db/connect.ts";
import type { Live } from "../db/live.ts";
import type { PackPaper } from "../pdf/pack-pdf.ts";
import type { Seal } from "../seal.ts";
import type { Account } from "../stripe/account.ts";
import type { FrameMemory } from "./frame.ts";

/** What must hold before the service calls itself ready; `name` is all that `/readyz` tells of it. */
export type ReadyCheck = { name: string; holds: () => Promise<boolean> };

/** Somebody of the demo, as whom anybody at this machine may look around. */
export type DemoPerson = { id: string; name: string; role: Role };

/** Where going live leads; a database of one's own is named by its address. */
export type Going = { mode: "test" | "live"; to: string | null; toOwner: string | null };

/** What became of it; `database` is the new one's name in the embedded server. */
export type Gone = { ok: true; database: string | null } | { ok: false; refusal: string };

/** How the desk deals with keys of Stripe. */
export type KeyRoom = {
  /** Keeps keys secret in the database. */
  seal: Seal;
  /** The SDK client that a key speaks through. */
  connect: (key: string) => Stripe;
  /** What the settings of the environment say of an account; it comes before what was pasted. */
  fromSettings: (slug: string, isFirst: boolean) => { secretKeys: string[]; webhookSecrets: string[] };
  /** Reads the mode and the place of the database again and serves on from there; null where only a restart does that. */
  serveAnew: (() => Promise<void>) | null;
};

/** Everything the routes need from outside; tests hand in their own. */
export type Deps = {
  sql: Sql;
  /** What money the database holds; "sandbox" says on every page that none is real. */
  mode: "sandbox" | "test" | "live";
  /** How people reach the service, without a slash at the end. */
  baseUrl: string;
  /** The address that the server listens on. */
  host: string;
  auth: Auth;
  /** Behind how many proxies of our own the service stands, or whether the platform says who asks. */
  proxies: number | "platform";
  /** Looks at each request, whether it tells of a proxy that `proxies` leaves out. */
  watchProxies?: MiddlewareHandler;
  /** The people of the demo; nobody elsewhere. */
  demoStaff: readonly DemoPerson[];
  /** The account of this slug, null for the first one. */
  findAccount: (slug: string | null) => Promise<Account | null>;
  /** Null where no connection outlives a request, so that nobody can be told: viewers then ask by themselves. */
  live: Live | null;
  keys: KeyRoom;
  /** Makes a new database for another mode out of what was set up; null where there are no files to make it from. */
  goLive: ((by: Doer, going: Going) => Promise<Gone>) | null;
  /** Whether the settings name the database; else it is the embedded server's. */
  hasOwnDatabase: boolean;
  now: () => Date;
  /** A fresh random text of 24 characters 0-9 a-z. */
  random: () => string;
  log: Log;
  /** Called after an event was stored, so that it is booked at once. */
  onStored?: () => void;
  /** Called after somebody asked for a comparison with Stripe; where nothing is called, it begins within a minute. */
  onSweepAsked?: () => void;
  /** How the door commits deliveries, "grouped" if not said; "single" where requests share no memory. */
  flush?: "grouped" | "single";
  /** What becomes of mail, "none" if not said. */
  mail?: MailWay;
  /** Prints a pack as a PDF; left out where there are no files to take its letters from. */
  printPack?: (pack: PackPaper) => Promise<Uint8Array<ArrayBuffer>>;
  /** Called after mails were put into the queue. */
  onMail?: () => void;
  /** Whether answers are compressed here; elsewhere the platform does it. */
  compresses?: boolean;
  ready: ReadyCheck[];
  /** Awaited before anything that needs the database is answered; what it throws is the answer. */
  admit?: () => Promise<void>;
  /** Addresses of the built style and script, and what serves `/assets/*` (null where something else does). */
  assets: { style: string; script: string; serve: MiddlewareHandler | null };
  /** Handed in where an app lives for one request only, so that the next one's failures know what this one saw. */
  frameMemory?: FrameMemory;
  /** The Stripe stand-in with its pay page, mounted at `/sandbox`; null when there is a Stripe key. */
  sandbox: Hono | null;
};

/** What middleware leaves for the routes. */
export type Env = {
  Variables: {
    requestId: string;
    /** Set by `guard`. */
    staff: Staff;
    /** Who is signed in, once that was asked: see `whoIs`. */
    signedIn: SignedInStaff | null | undefined;
  };
};
