import { isLoopback } from "./http/loopback.ts";

/**
 * The runtime says of every request who sent it, in a header that otherwise means a proxy. On one's own machine it names
 * the machine itself, and nobody is behind it; on the platform that address cannot occur.
 */
export function asAsked(request: Request): Request {
  if (!isLoopback(request.headers.get("cf-connecting-ip") ?? "")) return request;
  const asked = new Request(request);
  asked.headers.delete("cf-connecting-ip");
  return asked;
}
