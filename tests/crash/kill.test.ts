import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  breakServer,
  clearPlace,
  makePlace,
  postmasterPid,
  readiness,
  startService,
  waitUntil,
  waitUntilReady,
  withOwner,
  type Place,
  type Service,
} from "./almonry.ts";
import { compareInbox, expectAllBooked } from "./books.ts";
import { startSending, type Sender } from "./sender.ts";

// Nothing that was acknowledged is ever lost or counted twice, whoever dies while gifts come in: the service, or the
// database under it. `npm run prove` kills more often and prints what it counted.

const isProof = process.env["PROVE"] === "1";
const kills = isProof ? 20 : 2;
const minutes = 60_000;

let made: Place;
let place: Place;
let services: Service[] = [];
const start = (): Service => {
  const service = startService(place);
  services.push(service);
  return service;
};

beforeAll(async () => {
  made = await makePlace();
  const service = startService(made);
  await waitUntilReady(made, service);
  service.child.kill("SIGTERM");
  await service.ended;
}, minutes);
afterAll(async () => await rm(made.root, { recursive: true, force: true }));
beforeEach(async () => {
  place = await makePlace();
  // Making and migrating a database is not what is tested here, and takes as long as the rest.
  execFileSync("cp", ["-a", made.dataDir, place.dataDir]);
});
afterEach(async () => {
  await clearPlace(place, services);
  services = [];
});

/** Gifts come in for a moment, each time another one: at least some are acknowledged, and some are under way. */
async function letGiftsComeIn({ acknowledged, failure }: Sender): Promise<void> {
  const before = acknowledged.size;
  await waitUntil("gifts come in", () => failure() !== null || acknowledged.size >= before + 20);
  expect(failure()).toBeNull();
  await sleep(Math.random() * 700);
}

function report(what: string, figures: Record<string, unknown>): void {
  if (isProof) console.log(`${what}: ${JSON.stringify(figures)}`);
}

test(
  `[57] kill -9 of the service while gifts come in, ${kills} times: every acknowledged gift is there, once, and booked`,
  async () => {
    let service = start();
    const readyAfterMs = [await waitUntilReady(place, service)];
    const server = await postmasterPid(place);
    const sender = startSending(place);
    for (let kill = 1; kill <= kills; kill += 1) {
      await letGiftsComeIn(sender);
      service.child.kill("SIGKILL");
      expect(await service.ended).toBe("SIGKILL");
      const promised = [...sender.acknowledged.keys()];
      // The server outlives its service, so what was promised can be looked up while nobody serves.
      expect(await compareInbox(place, promised)).toEqual({ acknowledged: promised.length, lost: 0, doubled: 0 });
      service = start();
      readyAfterMs.push(await waitUntilReady(place, service));
      expect(await postmasterPid(place), "the server was adopted").toBe(server);
    }
    await letGiftsComeIn(sender);
    await sender.finish();
    const proof = await expectAllBooked(place, sender);
    report("kill -9 of the service", { kills, ...proof, answers: Object.fromEntries(sender.answers), readyAfterMs });
  },
  isProof ? 15 * minutes : 3 * minutes,
);

describe("when the database goes away while gifts come in", () => {
  test(
    `it answers 503 and recovers by itself, ${kills} times: nothing is lost, nothing doubled`,
    async () => {
      const service = start();
      await waitUntilReady(place, service);
      const sender = startSending(place);
      const backAfterMs: number[] = [];
      for (let kill = 1; kill <= kills; kill += 1) {
        await letGiftsComeIn(sender);
        const server = await postmasterPid(place);
        await Promise.all([
          // The server may be back within a fifth of a second.
          waitUntil("the service says that it is not ready", async () => (await readiness(place)) === 503),
          breakServer(place, kill % 2 === 1 ? "immediate" : "kill"),
        ]);
        expect((await fetch(`${place.url}/livez`)).status).toBe(200);
        backAfterMs.push(await waitUntilReady(place, service));
        expect(await postmasterPid(place), "another server runs").not.toBe(server);
        const promised = [...sender.acknowledged.keys()];
        expect(await compareInbox(place, promised)).toMatchObject({ lost: 0, doubled: 0 });
      }
      await letGiftsComeIn(sender);
      await sender.finish();
      expect(sender.answers.get(503), "deliveries were refused for a while").toBeGreaterThan(0);
      const proof = await expectAllBooked(place, sender);
      expect(service.child.exitCode, "the service itself never ended").toBeNull();
      report("kill of PostgreSQL", { kills, ...proof, answers: Object.fromEntries(sender.answers), backAfterMs });
    },
    isProof ? 15 * minutes : 3 * minutes,
  );

  test(
    `also when only its sessions are ended, ${kills * 5} times, wherever they stand`,
    async () => {
      const service = start();
      await waitUntilReady(place, service);
      const sender = startSending(place);
      for (let kill = 1; kill <= kills * 5; kill += 1) {
        await sleep(Math.random() * 200);
        await withOwner(
          place,
          async (sql) =>
            await sql`
            select pg_terminate_backend(pid) from pg_stat_activity where application_name in ('almonry', 'almonry drain') and pid <> pg_backend_pid()`,
        );
      }
      await letGiftsComeIn(sender);
      await sender.finish();
      await waitUntilReady(place, service);
      const proof = await expectAllBooked(place, sender);
      expect(service.child.exitCode, "the service itself never ended").toBeNull();
      report("sessions ended", { times: kills * 5, ...proof, answers: Object.fromEntries(sender.answers) });
    },
    isProof ? 5 * minutes : 2 * minutes,
  );
});

// What refuses it is tested with the embedded server; here it is the whole command.
test.runIf(isProof)(
  "a second service on the same directory is refused in one line, and the first one goes on",
  async () => {
    const first = start();
    await waitUntilReady(place, first);
    const second = startService({ ...place, port: place.port + 1 });
    services.push(second);
    expect(await second.ended).toBe(1);
    expect(second.said()).toBe(`Another Almonry (process ${first.child.pid}) already runs on ${place.dataDir}.\n`);
    expect(await readiness(place)).toBe(200);
  },
  minutes,
);

test(
  "told to end, it ends what is under way, stops its database server and leaves with 0",
  async () => {
    const service = start();
    await waitUntilReady(place, service);
    const sender = startSending(place);
    await letGiftsComeIn(sender);
    service.child.kill("SIGTERM");
    // npm and tsx hand on a signal that has reached the service already.
    await waitUntil("it has heard", () => service.said().includes("stopping"));
    service.child.kill("SIGTERM");
    expect(await service.ended).toBe(0);
    expect(await postmasterPid(place)).toBeNull();
    // What was acknowledged until then stands, and the rest is taken by the next service.
    const next = start();
    await waitUntilReady(place, next);
    await sender.finish();
    await expectAllBooked(place, sender);
  },
  2 * minutes,
);
