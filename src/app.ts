import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { timeout } from "hono/timeout";
import { accountRoutes } from "./http/account.tsx";
import { apiRoutes } from "./http/api.ts";
import { boardRoutes } from "./http/board.tsx";
import { bookRoutes } from "./http/books.tsx";
import { campaignRoutes } from "./http/campaigns.tsx";
import { deskRoutes } from "./http/desk.tsx";
import { entryRoutes } from "./http/entries.tsx";
import { compressed } from "./http/compress.ts";
import type { Deps, Env } from "./http/deps.ts";
import { Refused } from "./http/failure.ts";
import { limitedBody } from "./http/form.ts";
import { createFrames } from "./http/frame.ts";
import { fundRoutes } from "./http/funds.tsx";
import { giftRoutes } from "./http/gifts.tsx";
import { goLiveRoutes } from "./http/go-live.tsx";
import { freshUnlessSaid, keptForEver, sayRequest, securityHeaders } from "./http/headers.ts";
import { admitted, healthRoutes } from "./http/health.ts";
import { ownPagesOnly } from "./http/origin.ts";
import { showFailure } from "./http/refused.tsx";
import { linkRoutes } from "./http/links.tsx";
import { correctionRoutes } from "./http/corrections.tsx";
import { moneyRoutes } from "./http/money.tsx";
import { reviewRoutes } from "./http/review.tsx";
import { refuseOpenRoutes } from "./http/open.ts";
import { packRoutes } from "./http/packs.tsx";
import { sharedPackRoutes } from "./http/shared-packs.tsx";
import { payoutRoutes } from "./http/payouts.tsx";
import { payoutCheckRoutes } from "./http/payout-check.tsx";
import { pictureRoutes } from "./http/pictures.ts";
import { sandboxRoutes } from "./http/sandbox.tsx";
import { settingRoutes } from "./http/settings.tsx";
import { signInRoutes } from "./http/sign-in.tsx";
import { spotCheckRoutes } from "./http/spot-checks.tsx";
import { staffRoutes } from "./http/staff.tsx";
import { startRoutes } from "./http/start.tsx";
import { stripeSettingsRoutes } from "./http/stripe-settings.tsx";
import { thanksRoutes } from "./http/thanks.tsx";
import { webhookRoutes } from "./http/webhook.ts";

/** No answer takes longer to begin; a stream's begins at once. */
const answerWithinMs = 15_000;

/**
 * The service as one app: what answers which address, and what holds for all of them.
 * @param options how it finds a route; what Hono does by itself prepares long for many requests
 */
export function createApp(deps: Deps, options: ConstructorParameters<typeof Hono<Env>>[0] = {}): Hono<Env> {
  const frames = createFrames(deps);
  const app = new Hono<Env>(options);

  app.use(requestId({ headerName: "", generator: deps.random }), sayRequest);
  if (deps.watchProxies !== undefined) app.use(deps.watchProxies);
  app.use(securityHeaders(deps.baseUrl), freshUnlessSaid);
  if (deps.admit !== undefined) app.use(admitted(deps.admit));

  // The door has limits of its own, and its proof of origin is the signature.
  app.route("/", webhookRoutes(deps)); //               POST /webhooks/stripe[/:account]

  if (deps.compresses === true) app.use(compressed);
  app.use(timeout(answerWithinMs), limitedBody, ownPagesOnly(deps.baseUrl));
  app.route("/", healthRoutes(deps)); //                /livez  /readyz
  app.route("/", fundRoutes(deps, frames)); //          /  /funds/:slug  POST /funds/:slug/give
  app.route("/", campaignRoutes(deps, frames)); //      /campaigns/:slug  POST /campaigns/:slug/order
  app.route("/", thanksRoutes(deps, frames)); //        /thanks/:session
  app.route("/", signInRoutes(deps, frames)); //        /sign-in[/code]  POST /sign-out  POST /sign-in/as in the demo
  app.route("/", linkRoutes(deps, frames)); //          /setup/:token  /join/:token  /reset/:token
  app.route("/", accountRoutes(deps, frames)); //       /account  /account/second-factor
  app.route("/", boardRoutes(deps, frames)); //         /board  /board/totals.json  /board/live
  app.route("/", spotCheckRoutes(deps, frames)); //     /board/spot-checks[/:id]
  app.route("/", packRoutes(deps, frames)); //          /board/packs[/:number]
  app.route("/", sharedPackRoutes(deps, frames)); //    /packs/:token
  app.route("/", deskRoutes(deps, frames)); //          /desk  /desk/alerts  /desk/mail  /desk/dead-letters
  app.route("/", giftRoutes(deps, frames)); //          /desk/gifts[/:payment]  /desk/gifts.csv
  app.route("/", correctionRoutes(deps, frames)); //    /desk/gifts/:payment/correct/:part
  app.route("/", moneyRoutes(deps, frames)); //         /desk/money[/new/:kind]  /desk/money/:move/paper
  app.route("/", reviewRoutes(deps, frames)); //        /desk/review
  app.route("/", bookRoutes(deps, frames)); //          /desk/books  /desk/books/funds/:slug  /desk/books/trial-balance
  app.route("/", entryRoutes(deps, frames)); //         /desk/books/entries[/:id]
  app.route("/", payoutCheckRoutes(deps, frames)); //   /desk/books/payouts/check
  app.route("/", payoutRoutes(deps, frames)); //        /desk/books/payouts[/:id]
  app.route("/", staffRoutes(deps, frames)); //         /desk/staff[/:id]
  app.route("/", startRoutes(deps, frames)); //         /desk/start
  app.route("/", goLiveRoutes(deps, frames)); //        /desk/settings/go-live
  app.route("/", stripeSettingsRoutes(deps, frames)); // /desk/settings/stripe[/:account[/...]]
  app.route("/", settingRoutes(deps, frames)); //       /desk/settings/*
  app.route("/", pictureRoutes(deps)); //               /pictures/:id  /accent/:colour.css
  app.route("/", apiRoutes(deps)); //                   /api/totals  /api/campaigns/:slug  /api/openapi.json
  app.route("/", sandboxRoutes(deps, frames)); //       /sandbox/*  /v1/*  /about-sandbox, without a Stripe key only
  if (deps.assets.serve !== null) app.get("/assets/*", keptForEver, deps.assets.serve);

  refuseOpenRoutes(app);

  app.notFound(async (c) => await showFailure(c, new Refused("not found"), frames, deps));
  app.onError(async (error, c) => await showFailure(c, error, frames, deps));
  return app;
}
