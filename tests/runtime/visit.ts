import { createInbox } from "../../src/db/inbox.ts";
import { signed, stripeEvent, type TestEvent } from "../stripe-event.ts";
import type { Runtime } from "./runtime.ts";
import { baseUrl } from "./workerd.ts";

/** What was answered, without what differs from one run to the next: ids, moments, and what the connection adds. */
export type Answer = { asked: string; status: number; headers: Record<string, string>; body: string };

const give = { amount: "5000", other: "", email: "leyla@example.org", name: "Leyla Mammadova", note: "", order: "" };
const card = { email: "leyla@example.org", name: "Leyla Mammadova", card: "domestic" };
const order = { "q.sticker.only": "3", email: "leyla@example.org", show: "nothing" };

/**
 * A visit: people look, give and buy, Stripe delivers, the board looks, and time goes by.
 * @returns every answer, in order
 */
export async function visit(runtime: Runtime): Promise<Answer[]> {
  const answers: Answer[] = [];
  const ask = async (path: string, init: RequestInit = {}): Promise<{ location: string; body: string }> => {
    const response = await fetch(`${runtime.url}${path}`, { redirect: "manual", ...init });
    const body = await response.text();
    answers.push({
      asked: `${init.method ?? "GET"} ${masked(path)}`,
      status: response.status,
      headers: headersOf(response),
      body: masked(body),
    });
    return { location: (response.headers.get("location") ?? "").replace(baseUrl, ""), body };
  };
  const send = async (path: string, fields: Record<string, string>) =>
    await ask(path, { method: "POST", body: new URLSearchParams(fields), headers: { origin: baseUrl } });
  const settle = async (gifts: number): Promise<void> => await untilBooked(runtime, gifts);

  // Node compares with Stripe when it starts, the Worker when it is time: both have, before anything comes.
  await runtime.sql`update sweep_state set next_at = now()`;
  await runtime.turn();
  await runtime.sql`update sweep_state set next_at = 'infinity'`;
  for (const path of ["/livez", "/readyz", "/", "/funds/families", "/campaigns/shop", "/about-sandbox"])
    await ask(path);
  for (const path of ["/nowhere", "/api/openapi.json", "/assets/nothing.css", "/api/totals?currency=XXX"])
    await ask(path);
  const { body: page } = await ask("/");
  for (const [, asset] of page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/gu)) await ask(asset ?? "");

  // Give or buy, pay, and see it booked.
  await send("/funds/families/give", { ...give, amount: "", other: "abc" });
  const { location: payPage } = await send("/funds/families/give", give);
  await ask(payPage);
  await send(payPage, { ...card, card: "declined" });
  const { location: thanks } = await send(payPage, card);
  await settle(1);
  await ask(thanks);
  const { location: tillPage } = await send("/campaigns/stickers/order", order);
  await send(tillPage, card);
  const { location: monthlyPage } = await send("/funds/families/give", { ...give, every: "month" });
  await ask(monthlyPage);
  await send(monthlyPage, card);
  await settle(2);

  // Stripe's own deliveries, of a payment that is not ours.
  const secret = await secretOf(runtime);
  const elsewhere = stripeEvent("charge.succeeded", { metadata: {} }, { id: "evt_elsewhere" });
  const delivery = await signed(elsewhere, secret, new Date());
  await ask("/webhooks/stripe/first", delivery);
  await ask("/webhooks/stripe/first", delivery);
  await ask("/webhooks/stripe", await signed(elsewhere, "whsec_wrong", new Date()));
  await ask("/webhooks/stripe/nobody", delivery);
  await ask("/webhooks/stripe", { ...delivery, body: "x".repeat(1024 * 1024 + 1) });
  await settle(3);

  // What nobody asked for is done all the same.
  await leave(runtime, stripeEvent("charge.succeeded", other, { id: "evt_left" }));
  await runtime.turn();
  for (const path of ["/funds/families", "/board", "/board?from=2026-02-30", "/desk", "/desk/dead-letters"]) {
    await ask(path);
    await ask(path, { headers: runtime.treasurer.headers });
  }
  await ask("/board/totals.json");
  await ask("/board/totals.json", { headers: runtime.treasurer.headers });
  for (const path of ["/api/totals", "/api/campaigns/stickers"]) await ask(path);
  return answers;
}

/** Another payment than the fixture's. */
const other = {
  id: "ch_left",
  payment_intent: "pi_left",
  balance_transaction: "txn_left",
  metadata: { fund: "families" },
};

/** Puts an event into the inbox, unseen by any request. */
async function leave({ sql }: Runtime, event: TestEvent): Promise<void> {
  const [account] = await sql<{ id: bigint }[]>`select id from account where slug = 'first'`;
  await createInbox({ sql, flush: "single" }).store({
    accountId: account?.id ?? 0n,
    source: "webhook",
    eventId: event.id,
    livemode: false,
    type: event.type,
    apiVersion: event.api_version,
    stripeAccount: null,
    objectId: String(event.data.object["id"]),
    created: null,
    mark: null,
    body: JSON.stringify(event),
  });
}

/** What the sandbox signs the first account's deliveries with. */
async function secretOf({ sql }: Runtime): Promise<string> {
  const [row] = await sql<{ secret: string }[]>`
    select webhook_secret as secret from sandbox_account where slug = 'first'`;
  return row?.secret ?? "";
}

/** Nothing but time brings it about: the answer came before the booking. */
async function untilBooked({ url }: Runtime, gifts: number): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const { all } = (await (await fetch(`${url}/api/totals`)).json()) as { all: { gifts: number } };
    if (all.gifts === gifts) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${gifts} gifts were not booked in time`);
}

/** Added or left out by the server below us or by how it keeps files, or different with each answer. */
const ofTheConnection =
  /^(?:date|connection|keep-alive|transfer-encoding|content-(?:length|encoding)|vary|etag|last-modified|accept-ranges|cf-cache-status|x-request-id)$/u;

function headersOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => !ofTheConnection.test(name)).map(([name, value]) => [name, masked(value)]),
  );
}

function masked(text: string): string {
  return text
    .replaceAll("><", ">\n<")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, "MOMENT")
    .replaceAll(/(?<= \d{4}, )\d\d:\d\d\b/gu, "TIME")
    .replaceAll(/\b(?:cs|pi|ch)_[A-Za-z0-9_]{10,}/gu, "ID")
    .replaceAll(/(?<![0-9a-z])(?=[a-z]*\d)[0-9a-z]{24}(?![0-9a-z])/gu, "RANDOM");
}
