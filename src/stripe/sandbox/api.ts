import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Log } from "../../core/log.ts";
import { stripeApiVersion } from "../client.ts";
import type { SandboxAnswer } from "../../core/sandbox.ts";
import { accountEndpoints, accountId } from "./account.ts";
import { balanceEndpoints } from "./balance.ts";
import { balanceTransactionEndpoints } from "./balance-transaction.ts";
import { chargeEndpoints } from "./charge.ts";
import { couponEndpoints } from "./coupon.ts";
import { customerEndpoints } from "./customer.ts";
import { disputeEndpoints } from "./dispute.ts";
import type { Endpoint } from "./endpoint.ts";
import { Refusal, badRequest, notPermitted } from "./error.ts";
import { eventEndpoints } from "./event.ts";
import { expanded } from "./expand.ts";
import { parseForm } from "./form.ts";
import { createIdempotency } from "./idempotency.ts";
import type { Idempotency } from "./idempotency.ts";
import { invoiceEndpoints } from "./invoice-requests.ts";
import { invoicePaymentEndpoints } from "./invoice-payment.ts";
import { lackingRight, maskedKey, readKey } from "./key.ts";
import { lineItemEndpoints } from "./line-item.ts";
import { readParameters } from "./parameter.ts";
import { payoutEndpoints } from "./payout-requests.ts";
import { paymentIntentEndpoints } from "./payment-intent-requests.ts";
import { portalSessionEndpoints } from "./portal-session.ts";
import { priceEndpoints } from "./price.ts";
import { productEndpoints } from "./product.ts";
import { promotionCodeEndpoints } from "./promotion-code.ts";
import { refundEndpoints } from "./refund.ts";
import type { Scope } from "./scope.ts";
import { subscriptionEndpoints } from "./subscription-requests.ts";
import { shown } from "./rendering.ts";
import { checkoutSessionEndpoints } from "./session-requests.ts";
import type { Store } from "./store.ts";
import { webhookEndpointEndpoints } from "./webhook-endpoint.ts";

const endpoints: readonly Endpoint[] = [
  ...productEndpoints,
  ...priceEndpoints,
  ...customerEndpoints,
  ...checkoutSessionEndpoints,
  ...lineItemEndpoints,
  ...paymentIntentEndpoints,
  ...chargeEndpoints,
  ...refundEndpoints,
  ...disputeEndpoints,
  ...balanceTransactionEndpoints,
  ...couponEndpoints,
  ...promotionCodeEndpoints,
  ...portalSessionEndpoints,
  ...subscriptionEndpoints,
  ...invoiceEndpoints,
  ...invoicePaymentEndpoints,
  ...payoutEndpoints,
  ...balanceEndpoints,
  ...webhookEndpointEndpoints,
  ...eventEndpoints,
  ...accountEndpoints,
];

const bodyBytesMax = 4 * 1024 * 1024;

type Needs = {
  store: Store;
  hasAccount: (slug: string) => Promise<boolean>;
  wallClock: () => Date;
  random: () => string;
  log: Log;
  /** A scope for one request; with an answer to remember where it carried an idempotency key. */
  scope: (account: string, request: Scope["request"], remember?: (body: string) => SandboxAnswer) => Scope;
};

/** Stripe's API under `/v1`, as far as the sandbox plays it. */
export function apiRoutes(needs: Needs): Hono {
  const app = new Hono();
  const idempotency = createIdempotency(needs.store, needs.wallClock);
  app.use("/v1/*", bodyLimit({ maxSize: bodyBytesMax }));
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, (c) => answer(c, endpoint, needs, idempotency));
  }
  app.all("/v1/*", async (c) => {
    await authenticated(c, needs);
    const { pathname } = new URL(c.req.url);
    throw new Refusal(404, {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${c.req.method}: ${pathname}).`,
    });
  });
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json({ error: error.body }, error.status);
    needs.log("error", "the sandbox failed", { path: c.req.path, error: error.message });
    return c.json({ error: { type: "api_error", message: "An error occurred in the sandbox." } }, 500);
  });
  return app;
}

/**
 * @returns the account's slug
 * @throws Refusal 401 without the key of an account that there is, 403 when a restricted one may not do this
 */
async function authenticated(c: Context, needs: Needs): Promise<string> {
  const key = /^Bearer (\S+)$/u.exec(c.req.header("authorization") ?? "")?.[1];
  if (key === undefined) {
    const message =
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.";
    throw new Refusal(401, { type: "invalid_request_error", message });
  }
  const known = readKey(key);
  if (known === null || !(await needs.hasAccount(known.account))) {
    throw new Refusal(401, { type: "invalid_request_error", message: `Invalid API Key provided: ${maskedKey(key)}` });
  }
  const right = lackingRight(known, c.req.method, c.req.path);
  if (right !== null) throw notPermitted({ key: maskedKey(key), account: accountId(known.account), right });
  return known.account;
}

async function answer(c: Context, endpoint: Endpoint, needs: Needs, idempotency: Idempotency): Promise<Response> {
  const account = await authenticated(c, needs);
  const requestId = `req_${needs.random()}`;
  c.header("request-id", requestId);
  const version = c.req.header("stripe-version") ?? stripeApiVersion;
  if (version !== stripeApiVersion) throw badRequest({ message: `Invalid Stripe API version: ${version}` });
  c.header("stripe-version", version);

  // The SDK writes what a DELETE is told into the address, as with a GET.
  const text = endpoint.method === "POST" ? await c.req.text() : new URL(c.req.url).search;
  const parameters = readParameters(endpoint.schema, parseForm(text)) as { expand?: string[] };
  const id = c.req.param("id") ?? "";
  const key = endpoint.method === "POST" ? (c.req.header("idempotency-key") ?? null) : null;
  const request = { id: requestId, idempotency_key: key };

  if (key === null) {
    const scope = needs.scope(account, request);
    return told(c, await expanded(scope, shown(await endpoint.run(scope, parameters, id)), parameters.expand ?? []));
  }
  c.header("idempotency-key", key);
  const named = { account, key, text: `${c.req.path}\n${text}` };
  const outcome = await idempotency(named, (remember) =>
    endpoint.run(needs.scope(account, request, remember), parameters, id),
  );
  if (outcome.isReplayed) c.header("idempotent-replayed", "true");
  return told(c, await expanded(needs.scope(account, request), shown(outcome.answer), parameters.expand ?? []));
}

/** As text made here, because some values (a `Stripe.Decimal`) say themselves how they are written. */
function told(c: Context, body: object): Response {
  return c.body(JSON.stringify(body), 200, { "content-type": "application/json" });
}
