import { type Context, Hono } from "hono";
import { readEnvelope } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { failureCode } from "../db/failure.ts";
import { asDelivery, createInbox, type Delivery, type Stored } from "../db/inbox.ts";
import type { Account } from "../stripe/account.ts";
import { verifySignature } from "../stripe/signature.ts";

export type WebhookDeps = {
  sql: Sql;
  /** The account of a slug, or the first account for null. May fail while the database is away. */
  findAccount: (slug: string | null) => Promise<Account | null>;
  mode: "sandbox" | "test" | "live";
  now: () => Date;
  log: Log;
  /** Called after a new event was stored: the drain has something to book. */
  onStored?: () => void;
  /** How deliveries are committed, "grouped" if not said; "single" where requests share no memory. */
  flush?: "grouped" | "single";
  /** Milliseconds until the door gives up and answers 503; 10 s if not said. */
  answerWithinMs?: number;
};

const bodyBytesMax = 1024 * 1024;

type Answer = { status: 200 | 400 | 404 | 413 | 503; error: string | null };

const received: Answer = { status: 200, error: null };

/**
 * The door: `POST /webhooks/stripe` for the first account, `POST /webhooks/stripe/:account` for any other. It verifies and
 * stores, nothing else, and says 200 only once the event is on disk. Stripe repeats whatever was not answered so.
 */
export function webhookRoutes(deps: WebhookDeps): Hono {
  const { sql, findAccount, mode, now, log, onStored, flush = "grouped", answerWithinMs = 10_000 } = deps;
  const inbox = createInbox({ sql, flush });

  async function receive(c: Context, slug: string | null): Promise<Answer> {
    const account = await findAccount(slug);
    if (account === null)
      return slug === null ? refuse(503, "no Stripe account is set up yet") : refuse(404, "there is no such account");
    if (account.webhookSecrets.length === 0)
      return refuse(503, "this account has no webhook signing secret; set STRIPE_WEBHOOK_SECRET");
    const body = await readBody(c.req.raw);
    if (body === null) return refuse(413, "the body is larger than 1 MiB");
    const header = c.req.header("stripe-signature");
    const check = await verifySignature({ body, header, secrets: account.webhookSecrets, now: now() });
    if (!check.ok) return refuse(400, check.reason);
    const event = readEnvelope(parse(check.text));
    if (event === null) return refuse(400, "the body is no Stripe event; send events of this endpoint only");
    const delivery = asDelivery(event, check.text, { accountId: account.id, source: "webhook", mode });
    const stored = await inbox.store(delivery);
    if (stored.isNew) onStored?.();
    alertTo(log, delivery, stored);
    return received;
  }

  async function answer(c: Context, slug: string | null): Promise<Response> {
    const work = receive(c, slug).catch((error: unknown) => {
      log("error", "a delivery could not be stored", { code: failureCode(error) });
      return refuse(503, "the event could not be stored; send it again later");
    });
    const { status, error } = await within(answerWithinMs, work);
    return c.json(error === null ? { received: true } : { error }, status);
  }

  return new Hono()
    .post("/webhooks/stripe", async (c) => await answer(c, null))
    .post("/webhooks/stripe/:account", async (c) => await answer(c, c.req.param("account")));
}

function refuse(status: Exclude<Answer["status"], 200>, error: string): Answer {
  return { status, error };
}

/** The work's answer, or 503 when it takes too long; what it stores later meets its redelivery as a duplicate. */
async function within(ms: number, work: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(refuse(503, "no answer in time; send it again later")), ms);
  });
  const first = await Promise.race([work, tooLate]);
  clearTimeout(timer);
  return first;
}

/** The bytes, read once; null as soon as there are too many, whatever the Content-Length says. */
async function readBody(request: Request): Promise<Uint8Array | null> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > bodyBytesMax) return null;
  // The HTTP parser lets no more bytes through than were announced.
  if (announced !== null) return ofAllowedSize(new Uint8Array(await request.arrayBuffer()));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return joined(chunks, bytes);
}

function joined(chunks: Uint8Array[], bytes: number): Uint8Array {
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function ofAllowedSize(body: Uint8Array): Uint8Array | null {
  return body.byteLength > bodyBytesMax ? null : body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function alertTo(log: Log, { accountId, eventId, type }: Delivery, { mark }: Stored): void {
  const about = { accountId: String(accountId), eventId, type };
  if (mark === "wrong mode")
    log("warn", "an event of another mode was kept and not read; check which endpoint points here", about);
  if (mark === "other account")
    log("warn", "an event of another account was kept and not read; check which endpoint points here", about);
}
