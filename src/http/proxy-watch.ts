import type { Context, MiddlewareHandler } from "hono";
import type { OwnFinding } from "../core/alert.ts";
import type { Log } from "../core/log.ts";
import { socketAddress } from "./client-address.ts";

/** After a day without such a request the proxy is taken to be gone. */
const rememberedMs = 86_400_000;

/** Watches for a proxy in front of the service that the settings do not name. */
export type ProxyWatch = {
  /** Looks at each request. */
  watch: MiddlewareHandler;
  /** What is found: the finding, null when there is none, or "unknown" as long as too little was seen to say so. */
  found: () => OwnFinding | null | "unknown";
};

/**
 * With TRUSTED_PROXY_HOPS at 0 whoever comes through a proxy counts as that proxy, all of them as one. A request says so
 * when it carries a forwarding header and comes from this machine or a private network; from elsewhere anybody may have
 * written that header.
 * @param hops what the settings say
 */
export function watchForProxies({ hops, now, log }: { hops: number; now: () => Date; log: Log }): ProxyWatch {
  const since = now().getTime();
  let seenAt: number | null = null;
  return {
    async watch(c, next) {
      if (hops === 0 && isForwardedFromNearby(c)) {
        if (seenAt === null)
          log("warn", "a request came through a proxy, but TRUSTED_PROXY_HOPS is 0: everybody counts as one address");
        seenAt = now().getTime();
      }
      await next();
    },
    found() {
      if (hops > 0) return null;
      const quietSince = seenAt ?? since;
      if (now().getTime() - quietSince >= rememberedMs) return null;
      return seenAt === null ? "unknown" : { kind: "proxy", subject: "", about: {}, hours: 24 };
    },
  };
}

function isForwardedFromNearby(c: Context): boolean {
  if (c.req.header("x-forwarded-for") === undefined && c.req.header("forwarded") === undefined) return false;
  const address = socketAddress(c)?.replace(/^::ffff:/iu, "") ?? "";
  return /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/iu.test(address);
}
