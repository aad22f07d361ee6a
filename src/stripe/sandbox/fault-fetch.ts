import type { Draw, FaultName } from "./fault-chance.ts";

type Fetch = typeof globalThis.fetch;

type Needs = {
  draw: Draw;
  /** Whether this fault happens now; it is counted if so. */
  happens: (name: FaultName, ...words: (string | number)[]) => boolean;
  sleep: (ms: number) => Promise<void>;
};

const latencyMaxMs = 20;
/** One request is never refused more often than this in a row, so that whoever tries again gets through. */
const inARowMax = 3;

/** An API that is slow, overloaded, failing, or breaks off; a request that fails may have been carried out all the same. */
export function faultyFetch(inner: Fetch, { draw, happens, sleep }: Needs): Fetch {
  const asked = new Map<string, number>();
  const failures = new Map<string, number>();

  return async (input, init) => {
    const request = new Request(input, init);
    const name = `${request.method} ${new URL(request.url).pathname}`;
    const count = (asked.get(name) ?? 0) + 1;
    asked.set(name, count);
    if (happens("latency", name, count)) await sleep(draw("latency of", name, count) * latencyMaxMs);
    if ((failures.get(name) ?? 0) >= inARowMax) {
      failures.delete(name);
      return await inner(request);
    }
    const failed = await failure(request, name, count);
    if (failed === null) failures.delete(name);
    else failures.set(name, (failures.get(name) ?? 0) + 1);
    return failed ?? (await inner(request));
  };

  async function failure(request: Request, name: string, count: number): Promise<Response | null> {
    if (happens("tooMany", name, count)) return tooMany();
    if (happens("serverError", name, count)) {
      if (draw("carried out", name, count) < 0.5) await inner(request);
      return failing();
    }
    if (happens("reset", name, count)) return brokenOff(await inner(request));
    return null;
  }
}

const asJson = { "content-type": "application/json" };

const tooMany = (): Response =>
  Response.json(
    { error: { type: "invalid_request_error", code: "rate_limit", message: "Request rate limit exceeded." } },
    { status: 429, headers: { ...asJson, "retry-after": "1" } },
  );

const failing = (): Response =>
  Response.json({ error: { type: "api_error", message: "An unknown error occurred." } }, { status: 500 });

/** The first half of the body, and then the connection is gone. */
async function brokenOff(answer: Response): Promise<Response> {
  const body = new Uint8Array(await answer.arrayBuffer());
  let isHalfSent = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isHalfSent) controller.error(new TypeError("terminated"));
      else controller.enqueue(body.slice(0, Math.ceil(body.length / 2)));
      isHalfSent = true;
    },
  });
  return new Response(stream, { status: answer.status, headers: answer.headers });
}
