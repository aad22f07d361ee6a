import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";

type Listening = {
  /** Takes no more requests, waits for those under way, and after `withinMs` ends what is left. */
  close: (withinMs: number) => Promise<void>;
};

/** A port that cannot be listened on, in one line. */
export class ListenError extends Error {
  override name = "ListenError";
}

/**
 * Serves an app on Node.
 * @throws ListenError when the port is taken or the address is not one of this machine
 */
export async function listen(options: {
  /** `env` is what the server knows of the connection: who is at its other end. */
  fetch: (request: Request, env?: object) => Response | Promise<Response>;
  host: string;
  port: number;
}): Promise<Listening> {
  const { fetch, host, port } = options;
  // Whoever sends a request more slowly than this is not waiting for its answer.
  const serverOptions = { requestTimeout: 30_000, headersTimeout: 10_000 };
  const server = createAdaptorServer({ fetch, serverOptions }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(inOneLine(error, host, port)));
    server.listen(port, host, resolve);
  });
  return { close: async (withinMs) => await close(server, withinMs) };
}

async function close(server: Server, withinMs: number): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), withinMs);
  // A kept connection that never idles, such as a rush of deliveries, would go on being served until then.
  server.prependListener("request", (_request, response) => response.setHeader("connection", "close"));
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(impatience);
}

function inOneLine(error: Error, host: string, port: number): ListenError {
  const code = "code" in error ? error.code : "";
  if (code === "EADDRINUSE")
    return new ListenError(`Port ${port} of ${host} is taken: stop what uses it, or set PORT.`);
  if (code === "EADDRNOTAVAIL") return new ListenError(`HOST ${host} is no address of this machine.`);
  return new ListenError(`${host}:${port} cannot be listened on: ${error.message}`);
}
