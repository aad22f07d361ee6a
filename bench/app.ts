import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import Stripe from "stripe";
import { createApp } from "../src/app.ts";
import { openLive } from "../src/db/live.ts";
import { readAssets } from "../src/http/assets.ts";
import type { Env } from "../src/http/deps.ts";
import { createDrain, type Drain } from "../src/jobs/drain.ts";
import { randomId } from "../src/wiring.ts";
import { keyRoom } from "../tests/key-room.ts";
import { signIn, testAuth, type SignedIn } from "../tests/staff.ts";
import { secret } from "./delivery.ts";
import type { BenchHouse } from "./house.ts";

/** The service on a house's database, as `src/serve.ts` puts it together, without what asks Stripe or sends mail. */
export type BenchService = {
  app: Hono<Env>;
  drain: Drain;
  /** Lets the drain book what comes until `close`. */
  book: () => void;
  /** Somebody of the board, for all organisations, signed in. */
  board: SignedIn;
  close: () => Promise<void>;
};

type ServiceOptions = {
  baseUrl?: string;
  now?: () => Date;
  /** Whether viewers are told of changes, and so share what was read for one of them. */
  isLive?: boolean;
};

/** Puts the app together; nothing is booked before `book`. */
export async function openBenchService(
  { sql, drainSql, url }: BenchHouse,
  { baseUrl = "http://127.0.0.1", now = () => new Date(), isLive = true }: ServiceOptions = {},
): Promise<BenchService> {
  const stop = new AbortController();
  const drain = createDrain({ sql: drainSql, owner: randomUUID(), mode: "test", log: complain, now });
  const live = isLive ? await openLive(sql, complain) : null;
  const auth = testAuth(url, baseUrl);
  const account = {
    id: 1n,
    slug: "alov",
    stripeAccountId: null,
    webhookSecrets: [secret],
    stripe: new Stripe("sk_test_bench"),
  };
  const built = await readAssets(fileURLToPath(new URL("../dist/client", import.meta.url)));
  const app = createApp({
    sql,
    mode: "test",
    baseUrl,
    host: "127.0.0.1",
    auth,
    proxies: 0,
    demoStaff: [],
    findAccount: async () => await Promise.resolve(account),
    live,
    keys: await keyRoom(null),
    goLive: null,
    hasOwnDatabase: true,
    now,
    random: randomId,
    log: complain,
    onStored: () => drain.nudge(),
    compresses: true,
    ready: [],
    assets: built ?? { style: "/assets/style.css", script: "/assets/main.js", serve: null },
    sandbox: null,
  });
  let booking = Promise.resolve();
  return {
    app,
    drain,
    book: () => void (booking = drain.loop(stop.signal)),
    board: await signIn(sql, "board", { baseUrl }),
    close: async () => {
      stop.abort();
      live?.stop();
      await booking;
      await auth.close();
    },
  };
}

function complain(level: string, message: string, fields?: object): void {
  if (level !== "info") process.stderr.write(`${level}: ${message} ${JSON.stringify(fields ?? {})}\n`);
}
