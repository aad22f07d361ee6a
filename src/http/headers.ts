import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Env } from "./deps.ts";

/**
 * The headers of every answer, errors included: nothing runs or is drawn but our own files, nobody frames us, and forms
 * lead only here and to Stripe. The referrer policy is `same-origin` and not `no-referrer`, because under the latter a
 * browser sends forms with `Origin: null`, which the check in `origin.ts` refuses.
 */
export function securityHeaders(baseUrl: string): MiddlewareHandler {
  const usual = headersWith(baseUrl, "same-origin");
  // A page whose address is a secret has no form, and tells nobody where its reader came from.
  const secret = headersWith(baseUrl, "no-referrer");
  return async (c, next) => await (c.req.path.startsWith("/packs/") ? secret : usual)(c, next);
}

function headersWith(baseUrl: string, referrerPolicy: "same-origin" | "no-referrer"): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      // Chromium checks where a form's answer redirects to as well.
      formAction: ["'self'", "https://checkout.stripe.com", baseUrl],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
    },
    referrerPolicy,
    xFrameOptions: "DENY",
    strictTransportSecurity: baseUrl.startsWith("https://") ? "max-age=31536000" : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  });
}

/** Answers that did not say otherwise are for this person and are asked for anew: they carry numbers or a form. */
export const freshUnlessSaid: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "private, no-cache");
};

/** For answers that must not be kept anywhere. */
export const neverKept: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set("cache-control", "no-store");
};

/** For what no search engine may keep or show. */
export const neverIndexed: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set("x-robots-tag", "noindex, nofollow, noarchive");
};

/** Built files carry a hash of their content in the name. */
export const keptForEver: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status === 200 || c.res.status === 206)
    c.res.headers.set("cache-control", "public, max-age=31536000, immutable");
};

/** The number of the request, under which a failure stands in the log, so that a person can name it. */
export const sayRequest: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  c.res.headers.set("x-request-id", c.get("requestId"));
};
