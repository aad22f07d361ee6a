import { Hono, type Context } from "hono";
import type Stripe from "stripe";
import type { Totals } from "../core/total.ts";
import { listAccounts } from "../db/account.ts";
import { findSession, type PaidLine, type SessionKnown } from "../db/gift.ts";
import { findPublicFund } from "../db/fund.ts";
import { readTotals } from "../db/total.ts";
import { isAway, retrieveCheckout } from "../stripe/checkout.ts";
import { ThanksPage, type BookedGift, type ThanksState } from "../../web/pages/thanks.tsx";
import { orderErrors } from "../../web/locales/en/order.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { neverKept } from "./headers.ts";

/** As Stripe writes the id of a Checkout session. */
const sessionId = /^cs_[0-9A-Za-z_]{8,200}$/u;

/**
 * `/thanks/:session`: what is true of a payment, from our own rows first, else as Stripe says. Whoever has the address
 * sees amounts and funds, never a name or an e-mail.
 */
export function thanksRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/thanks/*", neverKept);
  app.get("/thanks/:session", async (c) => {
    const id = c.req.param("session");
    if (!sessionId.test(id)) throw new Refused("not found");
    const known = await findSession(deps.sql, id);
    const outcome = (known && (await ofOurs(deps, known))) ?? (await ofStripe(c, deps, id));
    return await c.html(<ThanksPage frame={await frames.read(c)} path={`/thanks/${id}`} outcome={outcome} />);
  });
  return app;
}

/** What our own rows say, or null where Stripe knows more. */
async function ofOurs(deps: Deps, known: SessionKnown): Promise<ThanksState | null> {
  const { paymentState, paymentStatus, status, currency } = known;
  const backPath = backTo(known);
  // Of a session that is not complete only a card was declined: another one may pay it still.
  if (paymentState === "failed" && status === "complete") return { state: "failed", backPath };
  if (paymentState === "failed") return { state: "open", url: null, backPath };
  if (paymentState === "succeeded" && known.lines.length > 0) return await booked(deps, known);
  if (paymentStatus === "paid") return { state: "paid", total: totalOf(known.amountMinor, currency) };
  if (status === "complete") return { state: "processing", total: totalOf(known.amountMinor, currency) };
  return status === "expired" ? { state: "expired", backPath } : null;
}

async function booked(deps: Deps, { lines, currency, amountMinor }: SessionKnown): Promise<ThanksState> {
  const moneyCurrency = lines[0]?.currency ?? currency ?? "CAD";
  const known = lines.filter((line): line is PaidLine & { amountMinor: bigint } => line.amountMinor !== null);
  // Something awaits conversion or stands in another currency: the sum as Stripe took it is all that can be said.
  if (known.length < lines.length || lines.some((line) => line.currency !== moneyCurrency)) {
    return { state: "paid", total: totalOf(amountMinor, currency) };
  }
  const [totals, contact] = await Promise.all([
    readTotals(deps.sql, { from: null, to: null, currency: moneyCurrency, who: "public" }),
    whomToWrite(deps, lines),
  ]);
  const gifts = known.flatMap((line) => bookedGift(line, totals, contact));
  const others = known.filter(
    (line) => line.kind === "sale" || (line.kind === "gift" && bookedGift(line, totals, contact).length === 0),
  );
  return {
    state: "booked",
    currency: moneyCurrency,
    gifts,
    sales: others.map((line) => ({
      description: line.name ?? orderErrors.gift,
      quantity: line.quantity,
      amountMinor: line.amountMinor,
    })),
    shippingMinor: known.filter((line) => line.kind === "shipping").reduce((sum, line) => sum + line.amountMinor, 0n),
    returnedMinor: known.reduce((sum, line) => sum + line.returnedMinor, 0n),
  };
}

/** Whom to write to in order to stop a gift that repeats; an order that repeats is one gift and nothing else. */
async function whomToWrite(deps: Deps, lines: readonly PaidLine[]): Promise<string> {
  const repeated = lines.find(({ every }) => every !== null);
  if (repeated === undefined || repeated.fund === null) return "";
  const fund = await findPublicFund(deps.sql, repeated.fund);
  return fund?.organisations[0]?.contact ?? "";
}

/** A gift beside its fund's figures; none when its fund is not public, or it waits for one. */
function bookedGift(line: PaidLine & { amountMinor: bigint }, totals: Totals, contact: string): BookedGift[] {
  const fund = totals.funds.find(({ slug }) => line.kind === "gift" && slug === line.fund);
  if (fund === undefined) return [];
  const { slug, name, raisedMinor, donors, unnamedGifts } = fund;
  const repeats = line.every === null ? null : { every: line.every, contact };
  return [{ amountMinor: line.amountMinor, repeats, fund: { slug, name, raisedMinor, donors, unnamedGifts } }];
}

function totalOf(
  amountMinor: bigint | null,
  currency: string | null,
): { amountMinor: bigint; currency: string } | null {
  return amountMinor === null || currency === null ? null : { amountMinor, currency };
}

function backTo({ campaign, fund }: { campaign: string | null; fund: string | null }): string {
  if (campaign !== null) return `/campaigns/${campaign}`;
  return fund === null ? "/" : `/funds/${fund}`;
}

type Asked = Stripe.Checkout.Session | "unknown" | "away";

/** What Stripe says of a session of which no event has come yet. The id does not tell its account: all are asked at once. */
async function ofStripe(c: Context, deps: Deps, id: string): Promise<ThanksState> {
  const accounts = await listAccounts(deps.sql);
  const answers = await Promise.all(accounts.map(async ({ slug }) => await askAccount(deps, slug, id)));
  const session = answers.find((answer) => typeof answer === "object");
  if (session !== undefined) return stateOf(session);
  c.status(answers.includes("away") ? 503 : 404);
  return { state: "unknown" };
}

async function askAccount(deps: Deps, slug: string, id: string): Promise<Asked> {
  const account = await deps.findAccount(slug);
  if (account === null) return "unknown";
  try {
    return (await retrieveCheckout(account.stripe, id)) ?? "unknown";
  } catch (error) {
    if (!isAway(error)) throw error;
    deps.log("warn", "Stripe could not be asked for a session", { account: slug, error: error.type });
    return "away";
  }
}

const slug = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

function stateOf(session: Stripe.Checkout.Session): ThanksState {
  const named = (key: string): string | null => {
    const value = session.metadata?.[key];
    return value !== undefined && slug.test(value) ? value : null;
  };
  const backPath = backTo({ campaign: named("campaign"), fund: named("fund") });
  const amountMinor = session.amount_total === null ? null : BigInt(session.amount_total);
  const total = totalOf(amountMinor, session.currency?.toUpperCase() ?? null);
  if (session.payment_status !== "unpaid") return { state: "paid", total };
  if (session.status === "complete") return { state: "processing", total };
  if (session.status === "expired") return { state: "expired", backPath };
  return { state: "open", url: session.url, backPath };
}
