import type Stripe from "stripe";
import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { declineMessage } from "./card.ts";
import { Refusal } from "./error.ts";
import { parseForm } from "./form.ts";
import { pay } from "./pay.ts";
import { firstAnswers, readAnswers, readPayer } from "./payment-form.ts";
import { NoticePage, styleAddress } from "./hosted-page.tsx";
import { PaymentPage } from "./payment-page.tsx";
import type { Answers, Problem } from "./payment-form.ts";
import { paymentStyle } from "./payment-style.ts";
import { typedReduction } from "./reduction.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { recover } from "./session-end.ts";
import { linesOf } from "./session-lines.ts";
import type { Store } from "./store.ts";

type Needs = {
  store: Store;
  accountName: (slug: string) => Promise<string | null>;
  scope: (account: string) => Scope;
};

const bodyBytesMax = 64 * 1024;

/** Where Stripe Checkout would be: a page to pay, decline or come back without paying. Plain forms, no script. */
export function paymentPageRoutes(needs: Needs): Hono {
  const app = new Hono();

  app.get(styleAddress, (c) => {
    c.header("cache-control", "max-age=3600");
    return c.body(paymentStyle, 200, { "content-type": "text/css; charset=utf-8" });
  });

  app.get("/sandbox/pay/:session", async (c) => {
    const open = await openSession(c, needs);
    if (open instanceof Response) return open;
    return page(c, needs, open, { answers: firstAnswers(open.session), problems: [], declined: null }, 200);
  });

  app.post("/sandbox/pay/:session", bodyLimit({ maxSize: bodyBytesMax }), async (c) => {
    const open = await openSession(c, needs);
    if (open instanceof Response) return open;
    const answers = readAnswers(parseForm(await c.req.text()), open.session);
    const payer = readPayer(answers, open.session);
    if (Array.isArray(payer)) return page(c, needs, open, { answers, problems: payer, declined: null }, 422);
    if (payer.promotionCode !== undefined && (await typedReduction(open.scope, payer.promotionCode)) === null) {
      const problems: Problem[] = [
        { field: "promotionCode", text: "Enter another code, or none: this one is not valid" },
      ];
      return page(c, needs, open, { answers, problems, declined: null }, 422);
    }
    const { outcome, session } = await pay(open.scope, open.session.id, payer);
    if (outcome === "declined") return page(c, needs, open, { answers, problems: [], declined: declineMessage }, 402);
    if (outcome === "expired") return over(c, session);
    return c.redirect(successAddress(session), 303);
  });

  app.get("/sandbox/recover/:session", async (c) => {
    c.header("cache-control", "no-store");
    const id = c.req.param("session");
    const account = await needs.store.owner(id);
    if (account === null) return notFound(c);
    const again = await recover(needs.scope(account), id).catch((error: unknown) => {
      if (error instanceof Refusal) return null;
      throw error;
    });
    return again === null ? notFound(c) : c.redirect(again.url ?? "/", 302);
  });

  return app;
}

const notFound = (c: Context): Response | Promise<Response> =>
  c.html(<NoticePage title="There is no such payment" text="The address may be incomplete." link={null} />, 404);

type Open = { scope: Scope; session: Stripe.Checkout.Session };

/** The session of this address while it can be paid; else the page that says why not. */
async function openSession(c: Context, { store, scope: scopeOf }: Needs): Promise<Open | Response> {
  c.header("cache-control", "no-store");
  const id = c.req.param("session") ?? "";
  const account = await store.owner(id);
  if (account === null || !id.startsWith("cs_")) return notFound(c);
  const scope = scopeOf(account);
  const session = await need(scope, "checkout.session", id);
  if (session.status === "complete") {
    // A form sent twice ends where the first one did.
    if (c.req.method === "POST") return c.redirect(successAddress(session), 303);
    const link = { href: successAddress(session), text: "Go on" };
    return c.html(<NoticePage title="This has been paid" text="Nothing more is to be paid here." link={link} />);
  }
  if (session.status === "expired" || session.expires_at <= scope.now) return over(c, session);
  return { scope, session };
}

function over(c: Context, session: Stripe.Checkout.Session): Response | Promise<Response> {
  const link = session.cancel_url === null ? null : { href: session.cancel_url, text: "Start again" };
  return c.html(<NoticePage title="This payment page has expired" text="Nothing has been charged." link={link} />, 410);
}

type State = { answers: Answers; problems: Problem[]; declined: string | null };

async function page(
  c: Context,
  { accountName }: Needs,
  { scope, session }: Open,
  state: State,
  status: 200 | 402 | 422,
) {
  const lines = await linesOf(scope, session.id);
  const payee = (await accountName(scope.account)) ?? scope.account;
  return c.html(<PaymentPage payee={payee} session={session} lines={lines} {...state} />, status);
}

const successAddress = (session: Stripe.Checkout.Session): string =>
  (session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
