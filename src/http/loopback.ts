import type { MiddlewareHandler } from "hono";
import { Refused } from "./failure.ts";

/** Headers by which a proxy says that somebody else is behind it. With one of them a request is not from this machine. */
const forwardingHeaders = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-real-ip",
  "x-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "cf-ray",
  "fly-client-ip",
];

type Opening = { host: string; baseUrl: string };

/**
 * Whether this request comes from the machine itself: the demo's people and the sandbox's API are for no other. The server must
 * listen on loopback only, be known under a loopback address, be asked under one (a page elsewhere that has its name
 * pointed here is not), and not through a proxy.
 */
export function isFromThisMachine(headers: Headers, { host, baseUrl }: Opening): boolean {
  if (!isLoopback(host) || !isLoopback(hostOf(baseUrl))) return false;
  if (forwardingHeaders.some((name) => headers.has(name))) return false;
  return isLoopback(hostOf(`http://${headers.get("host") ?? ""}`));
}

/** Lets only requests of this machine through. */
export function onThisMachine(opening: Opening): MiddlewareHandler {
  return async (c, next) => {
    if (!isFromThisMachine(c.req.raw.headers, opening)) throw new Refused("not from this machine");
    await next();
  };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : "";
}

/** `localhost`, 127.0.0.0/8 and ::1; a name that merely resolves to them is not taken. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/u, "$1");
  return bare === "localhost" || bare === "::1" || /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/u.test(bare);
}
