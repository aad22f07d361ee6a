import { randomUUID } from "node:crypto";
import type { BoardData } from "../web/charts/board-data.ts";
import type { BoardAsked, Span } from "../src/core/board.ts";
import { readBoard } from "../src/db/board.ts";
import type { Sql } from "../src/db/connect.ts";
import { createInbox } from "../src/db/inbox.ts";
import type { Period } from "../src/core/period.ts";
import { createDrain } from "../src/jobs/drain.ts";
import { eventBody } from "./delivery.ts";
import type { BenchHouse } from "./house.ts";
import { askPlainly, type PlainFigures } from "./board-plain.ts";
import { type BenchService, openBenchService } from "./app.ts";
import { median, msOf } from "./time.ts";

/** What is looked at; the ranges of days come from a seed, and the middle one of them counts. */
export const periods = [
  { name: "all time", spans: [{ from: null, to: null }] },
  { name: "a fiscal year", spans: [{ from: "2025-01-01", to: "2025-12-31" }] },
  {
    name: "a range of days",
    spans: [
      { from: "2022-02-11", to: "2024-10-17" },
      { from: "2023-07-19", to: "2023-09-05" },
      { from: "2021-05-03", to: "2026-02-13" },
      { from: "2024-03-30", to: "2024-11-02" },
      { from: "2022-12-24", to: "2025-06-08" },
    ],
  },
] as const;

type Name = (typeof periods)[number]["name"];

/** Milliseconds, the middle of several. */
type Look = { pageMs: number; databaseMs: number; plainMs: number };
/** A batch whose people's pages the disk must bring, and one whose pages memory holds. */
export type DrainReport = { fromDiskMs: number; fromMemoryMs: number };
export type BoardReport = {
  gifts: number;
  looks: Record<Name, Look>;
  drain: DrainReport;
  databaseMib: number;
  tables: { name: string; mib: number }[];
};

/** A page that has been looked at before, as on any day but the first. */
const warmUps = 3;
const looksEach = 11;
/** What takes long need not be asked often. */
const plainLooks = (gifts: number): number => (gifts > 1_000_000 ? 1 : 4);
const drainWarmUps = 3;
const drainBatches = 15;
const batch = 500;
const secondsADay = 86_400;

/** Looks at the board on its last day, and lets the drain book events after it. @throws when the plain query finds other figures */
export async function measureBoard(house: BenchHouse, gifts: number, lastDay: string): Promise<BoardReport> {
  const now = (): Date => new Date(`${lastDay}T23:00:00Z`);
  const service = await openBenchService(house, { now, isLive: false });
  try {
    const looks = {} as Record<Name, Look>;
    for (const { name, spans } of periods) {
      const each: Look[] = [];
      for (const span of spans) each.push(await lookAt(house, service, { gifts, lastDay }, span));
      looks[name] = {
        pageMs: median(each.map(({ pageMs }) => pageMs)),
        databaseMs: median(each.map(({ databaseMs }) => databaseMs)),
        plainMs: median(each.map(({ plainMs }) => plainMs)),
      };
    }
    const tables = await largestTables(house);
    const databaseMib = await sizeOf(house);
    return { gifts, looks, tables, databaseMib, drain: await measureDrain(house, gifts, now()) };
  } finally {
    await service.close();
  }
}

async function lookAt(
  house: BenchHouse,
  service: BenchService,
  { gifts, lastDay }: { gifts: number; lastDay: string },
  span: Period,
): Promise<Look> {
  const asked = askedOf(span, lastDay);
  const query = new URLSearchParams({
    ...(span.from === null ? {} : { from: span.from }),
    ...(span.to === null ? {} : { to: span.to }),
  });
  const ask = async (path: string): Promise<Response> => {
    const answer = await service.app.request(`${path}?${query}`, { headers: service.board.headers });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return answer;
  };
  const page = async (): Promise<void> => void (await (await ask("/board")).text());
  const pages: number[] = [];
  for (let look = 0; look < warmUps + looksEach; look += 1) pages.push(await msOf(page));
  const statements: number[] = [];
  for (let look = 0; look < warmUps + looksEach; look += 1)
    statements.push(await msOf(async () => await readBoard(house.sql, asked)));
  const plain: number[] = [];
  let found: PlainFigures | null = null;
  for (let look = 0; look < plainLooks(gifts); look += 1)
    plain.push(await msOf(async () => void (found = await askPlainly(house.sql, span))));

  const { all } = (await (await ask("/board/totals.json")).json()) as BoardData;
  const shown = { givenMinor: all.givenMinor, returnedMinor: all.returnedMinor, gifts: all.gifts, donors: all.donors };
  if (JSON.stringify(shown) !== JSON.stringify(found))
    throw new Error(`${query}: the board says ${JSON.stringify(shown)}, its gifts ${JSON.stringify(found)}`);
  return {
    pageMs: median(pages.slice(warmUps)),
    databaseMs: median(statements.slice(warmUps)),
    plainMs: median(plain),
  };
}

/**
 * What 500 events cost that have been delivered: claimed, translated, booked and posted, by people who gave before. Each batch is of a
 * day of its own: who gives again on the same day is counted already, which among few people is nearly everybody. The people of a batch
 * are strewn over all, and after a load few of their pages are in memory; then they are, as on a machine that has served for a while.
 */
async function measureDrain(
  { sql, drainSql, ownerSql }: BenchHouse,
  gifts: number,
  lastDay: Date,
): Promise<DrainReport> {
  const inbox = createInbox({ sql, flush: "grouped" });
  const log = (level: string, message: string, fields?: object): void => {
    if (level !== "info") throw new Error(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const drain = createDrain({ sql: drainSql, owner: randomUUID(), mode: "test", log, now: () => new Date() });
  const people = Math.max(1, Math.floor(gifts / 10));
  // Prime, so that those of a batch are strewn over all.
  const donor = (payment: number): number => (payment * 611_953) % people;
  const rounds = drainWarmUps + drainBatches;
  const bookOf = async (round: number): Promise<number> => {
    const delivered = Array.from({ length: batch }, async (_, index) => {
      const body = eventBody(`q${round}x`, index, batch, {
        since: lastDay.getTime() / 1000 - 20_000 - (2 * rounds - 1 - round) * secondsADay,
        donor: (payment) => donor(payment + (round * batch) / 4),
      });
      const { id, type } = JSON.parse(body) as { id: string; type: string };
      const rest = {
        livemode: false,
        apiVersion: null,
        stripeAccount: null,
        objectId: null,
        created: null,
        mark: null,
      };
      return await inbox.store({ accountId: 1n, source: "webhook", eventId: id, type, body, ...rest });
    });
    await Promise.all(delivered);
    return await msOf(async () => {
      const booked = await drain.once();
      if (booked !== batch) throw new Error(`${booked} events were booked at once`);
    });
  };
  const middleOf = async (first: number): Promise<number> => {
    const times: number[] = [];
    for (let round = first; round < first + rounds; round += 1) times.push(await bookOf(round));
    return median(times.slice(drainWarmUps));
  };
  const fromDiskMs = await middleOf(0);
  await readAllOfPeople(ownerSql);
  return { fromDiskMs, fromMemoryMs: await middleOf(rounds) };
}

/** Has the system's memory hold what a gift looks up of its person, as far as there is room: tables, then their indexes. */
async function readAllOfPeople(sql: Sql): Promise<void> {
  const own = await sql.reserve();
  try {
    await own`select count(previous) from giving_day`;
    await own`select count(stayed_minor) from giver_year`;
    await own`select count(key) from identity`;
    await own`set enable_seqscan = off`;
    await own`select count(person_id) from giving_day where person_id > 0`;
    await own`select count(person_id) from giver_year where person_id > 0`;
    await own`select count(id) from identity where id > 0`;
    await own`select count(person_id) from identity where person_id > 0`;
    await own`select count(key) from identity where key > ''`;
    await own`select count(identity_id) from gift where identity_id > 0`;
    await own`reset enable_seqscan`;
  } finally {
    own.release();
  }
}

async function sizeOf({ ownerSql }: BenchHouse): Promise<number> {
  const [row] = await ownerSql<{ mib: number }[]>`
    select round(pg_database_size(current_database()) / 1048576.0)::int as mib`;
  return row?.mib ?? -1;
}

async function largestTables({ ownerSql }: BenchHouse): Promise<BoardReport["tables"]> {
  return await ownerSql<BoardReport["tables"]>`
    select relname as name, round(pg_total_relation_size(oid) / 1048576.0)::int as mib
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_total_relation_size(oid) >= 1048576
    order by pg_total_relation_size(oid) desc
    limit 20`;
}

/** What the page asks of everything: beside the period the one before, and the same days a year earlier. */
function askedOf({ from, to }: Period, today: string): BoardAsked {
  const place = { organisationId: null, fundId: null, campaignId: null };
  const common = { place, period: { from, to }, currency: "CAD", today };
  if (from === null || to === null) return { ...common, before: null, samePoint: null, compared: null };
  const own = { from, to };
  const before = from.endsWith("-01-01") ? aYearEarlier(own) : daysEarlier(own);
  const earlier = from.endsWith("-01-01") ? aYearEarlier(before) : daysEarlier(before);
  const compared = { with: "last year" as const, place, ...aYearEarlier(own), own };
  return { ...common, before, samePoint: { before: earlier, period: before }, compared };
}

function aYearEarlier({ from, to }: Span): Span {
  const earlier = (day: string): string => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return { from: earlier(from), to: earlier(to) };
}

/** As many days, up to the day before. */
function daysEarlier({ from, to }: Span): Span {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  const earlier = (day: string): string => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
  return { from: earlier(from), to: earlier(to) };
}
