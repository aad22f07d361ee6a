import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import Stripe from "stripe";
import { eventBody, secret } from "./delivery.ts";

/** What the parent asks of this process: so many deliveries of one run, over so many connections kept alive. */
export type LoadOrder = {
  port: number;
  path: string;
  run: string;
  deliveries: number;
  connections: number;
  /** So many at most; as fast as they are answered if not said. */
  aSecond?: number;
};
export type LoadReport = { seconds: number; answers: Record<string, number>; bytesEach: number };

// Speaks HTTP by hand: a client that costs little leaves the machine's two cores to what is measured.
process.on("message", (order: LoadOrder) => {
  void fire(order).then((report) => process.send?.(report));
});

async function fire({ port, path, run, deliveries, connections, aSecond = Infinity }: LoadOrder): Promise<LoadReport> {
  const requests: Buffer[] = [];
  for (let index = 0; index < deliveries; index += 1)
    requests.push(await request(path, eventBody(run, index, deliveries)));
  const bytesEach = Math.round(requests.reduce((sum, { length }) => sum + length, 0) / requests.length);
  const sockets = await Promise.all(Array.from({ length: connections }, async () => await open(port)));
  const answers: Record<string, number> = {};
  const queue = requests.entries();
  const start = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (const [index, one] of queue) {
        const early = start + (index * 1000) / aSecond - performance.now();
        if (early > 0) await sleep(early);
        const status = await exchange(socket, one);
        answers[status] = (answers[status] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, answers, bytesEach };
}

async function request(path: string, body: string): Promise<Buffer> {
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret });
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: bench",
    "user-agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "accept: */*; q=0.5, application/xml",
    "cache-control: no-cache",
    "content-type: application/json; charset=utf-8",
    `stripe-signature: ${signature}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

/** Sends one request and waits for its whole answer, which both receivers send with a Content-Length. */
async function exchange(socket: Socket, bytes: Buffer): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = "";
    const read = (chunk: Buffer): void => {
      answer += chunk.toString("latin1");
      const end = answer.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/iu.exec(answer)?.[1];
      if (end < 0 || length === undefined || answer.length < end + 4 + Number(length)) return;
      socket.off("data", read).off("error", reject).off("close", gone);
      resolve(answer.slice(9, 12));
    };
    const gone = (): void => reject(new Error("the connection was closed before an answer"));
    socket.on("data", read).once("error", reject).once("close", gone);
    socket.write(bytes);
  });
}
