import type { ComparedAnswer } from "../../src/core/board.ts";
import type { PackTongue } from "../parts/pack-format.ts";
import { sentences, type PackBlock, type PackSection, type PackTable } from "./pack-block.ts";
import type { BoardData } from "./board-data.ts";
import type { PackEarlier, PackSnapshot, Standing } from "./pack-data.ts";

/** Below so many people a change is told in counts, because a percentage of few says too much. */
const fewestForShare = 20;

/** The large numbers, each with how it changed, and how reached comes out of raised. */
export function figuresSection(board: BoardData, tongue: PackTongue): PackSection {
  const { words, money, count } = tongue;
  const { all, compared } = board;
  const { before } = board.answers.people;
  const change = (of: "raisedMinor" | "reachedMinor" | "donors"): string[] => changeOf(compared, of, tongue);
  const figures = [
    {
      label: words.figures.raised,
      value: money(all.raisedMinor),
      notes: [words.figures.given(money(all.givenMinor), money(all.returnedMinor)), ...change("raisedMinor")],
    },
    { label: words.figures.reached, value: money(all.reachedMinor), notes: change("reachedMinor") },
    {
      label: words.figures.donors,
      value: count(all.donors),
      notes: [words.figures.unnamed(all.unnamedGifts), ...change("donors")],
    },
    ...(before === null
      ? []
      : [
          {
            label: words.figures.cameBack,
            value: count(before.returning),
            notes: [words.figures.ofBefore(before.donors)],
          },
        ]),
  ];
  const isCut = compared !== null && board.to !== null && compared.own.to < board.to;
  return {
    name: "figures",
    heading: words.figures.heading,
    blocks: [
      { kind: "figures", figures },
      ...sentences([isCut ? words.figures.upTo(tongue.day(compared.own.to)) : null], true),
      { kind: "table", table: reachedTable(board, tongue) },
      ...sentences([all.feesUnknown === 0 ? null : words.figures.provisional(all.feesUnknown)], true),
    ],
  };
}

/** Reached the cause, as a sum that closes. */
function reachedTable({ all }: BoardData, { words: { figures }, money }: PackTongue): PackTable {
  return {
    caption: figures.sum,
    columns: [figures.sum, ""],
    rows: [
      [figures.raised, money(all.raisedMinor)],
      [figures.plusProceeds, money(all.proceedsMinor)],
      [figures.lessFees, money(-all.feesMinor)],
    ],
    sum: [figures.reached, money(all.reachedMinor)],
  };
}

function changeOf(
  compared: ComparedAnswer | null,
  of: "raisedMinor" | "reachedMinor" | "donors",
  { words: { figures }, money, count, percent }: PackTongue,
): string[] {
  if (compared === null) return [];
  const [now, then] = [compared.own[of], compared[of]];
  const than =
    typeof compared.with === "string" ? figures.with[compared.with] : figures.with.campaign(compared.with.name);
  if (now === then) return [figures.changes.same(than)];
  const isShare = Math.min(compared.donors, compared.own.donors) >= fewestForShare && then > 0;
  if (!isShare) return [figures.changes.instead(of === "donors" ? count(then) : money(then), than)];
  const share = percent(Math.abs(now - then), then);
  return [now > then ? figures.changes.more(share, than) : figures.changes.less(share, than)];
}

/** What changed since the last meeting's pack: over all time, by fund, and in that pack's own period. */
export function changedSection({ board, standing, earlier }: PackSnapshot, tongue: PackTongue): PackSection {
  const { words } = tongue;
  if (earlier === null)
    return { name: "changed", heading: words.changed.heading, blocks: sentences([words.changed.none]) };
  const all = differenceOf(standing.all, earlier.standing.all);
  return {
    name: "changed",
    heading: words.changed.heading,
    blocks: [
      ...sentences([
        words.changed.since(earlier.number, tongue.moment(earlier.asOf, board.timeZone)),
        inAll(all, tongue),
      ]),
      ...differences({ standing, earlier }, tongue),
      ...sentences([ownPeriod(earlier, tongue)]),
    ],
  };
}

function inAll({ raisedMinor, gifts, donors }: Standing, { words: { changed }, money }: PackTongue): string {
  if (raisedMinor === 0 && gifts === 0 && donors === 0) return changed.nothing;
  if (raisedMinor < 0) return changed.less(money(-raisedMinor));
  return changed.more(money(raisedMinor), changed.gifts(gifts), changed.newPeople(donors));
}

function differences(
  { standing, earlier }: { standing: PackSnapshot["standing"]; earlier: PackEarlier },
  { words, money, count }: PackTongue,
): PackBlock[] {
  const cells = (name: string, { raisedMinor, gifts, donors }: Standing): string[] => [
    name,
    signed(raisedMinor, money),
    signed(gifts, count),
    signed(donors, count),
  ];
  const nothing: Standing = { raisedMinor: 0, gifts: 0, donors: 0 };
  const then = new Map(earlier.standing.funds.map((fund) => [fund.slug, fund]));
  const here = new Set(standing.funds.map(({ slug }) => slug));
  const rows = [
    ...standing.funds.map((fund) => cells(fund.name, differenceOf(fund, then.get(fund.slug) ?? nothing))),
    ...earlier.standing.funds
      .filter(({ slug }) => !here.has(slug))
      .map((fund) => cells(words.changed.gone(fund.name), differenceOf(nothing, fund))),
    ...(standing.unassigned === null
      ? []
      : [cells(words.unassigned, differenceOf(standing.unassigned, earlier.standing.unassigned ?? nothing))]),
  ];
  const { raised, gifts, donors } = words.changed.columns;
  return [
    {
      kind: "table",
      table: {
        caption: words.changed.caption,
        columns: [words.fund, raised, gifts, donors],
        rows,
        sum: cells(words.total, differenceOf(standing.all, earlier.standing.all)),
      },
    },
  ];
}

/** Whether the last pack's own figure still stands. */
function ownPeriod(earlier: PackEarlier, tongue: PackTongue): string {
  const { words, money } = tongue;
  const period = periodOf(earlier, tongue);
  const [then, now] = [earlier.said.raisedMinor, earlier.stands.raisedMinor];
  return then === now
    ? words.changed.stands(period, money(then))
    : words.changed.restated(period, money(then), money(now));
}

function differenceOf(now: Standing, then: Standing): Standing {
  return {
    raisedMinor: now.raisedMinor - then.raisedMinor,
    gifts: now.gifts - then.gifts,
    donors: now.donors - then.donors,
  };
}

function signed(number: number, write: (number: number) => string): string {
  if (number === 0) return write(0);
  return `${number > 0 ? "+" : "−"}${write(Math.abs(number))}`;
}

/** A period as a heading. */
export function periodOf(
  { from, to }: { from: string | null; to: string | null },
  { words, day, month }: PackTongue,
): string {
  if (from === null && to === null) return words.allTime;
  if (from === null) return words.until(day(to ?? ""));
  if (to === null) return words.since(day(from));
  if (from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`) return from.slice(0, 4);
  const isMonth = from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7) && isLastDay(to);
  return isMonth ? month(from) : words.fromTo(day(from), day(to));
}

function isLastDay(localDay: string): boolean {
  return new Date(Date.parse(`${localDay}T00:00:00Z`) + 86_400_000).getUTCDate() === 1;
}
