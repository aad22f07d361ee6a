import type { Context } from "hono";

/** What the server on Node hands on with a request. */
type OnNode = { incoming?: { socket?: { remoteAddress?: string } } };

/**
 * Who asks, as far as nobody can make it up: the other end of the connection; behind `proxies` of our own the address
 * that the outermost of them wrote into X-Forwarded-For, counted from the right, since whatever stands further left came
 * in from outside; on a platform what it says itself. Null when there is none.
 */
export function clientAddress(c: Context, proxies: number | "platform"): string | null {
  if (proxies === "platform") return grouped(c.req.header("cf-connecting-ip"));
  const socket = socketAddress(c);
  if (proxies === 0) return grouped(socket);
  const forwarded = (c.req.header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  return grouped(forwarded.at(-proxies)) ?? grouped(socket);
}

/** The other end of the connection; undefined where no server of our own has it. */
export function socketAddress(c: Context): string | undefined {
  return (c.env as OnNode | undefined)?.incoming?.socket?.remoteAddress;
}

/** An address as it is counted: IPv6 by its /64, which is what one connection is given. */
function grouped(address: string | undefined): string | null {
  if (address === undefined) return null;
  const mapped = /^::ffff:(?<four>\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.groups?.["four"];
  if (mapped !== undefined) return mapped;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(address)) return address;
  return networkOf(address);
}

/** The first four groups of an IPv6 address, or null when it is none. */
function networkOf(address: string): string | null {
  const bare = address.replace(/^\[|\]$|%.*$/gu, "").toLowerCase();
  if (!/^[0-9a-f:.]+$/u.test(bare) || !URL.canParse(`http://[${bare}]/`)) return null;
  const [head = "", tail] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...first, ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0"), ...last];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
