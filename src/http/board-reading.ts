import type { BoardAsked } from "../core/board.ts";
import { readBoard, type BoardRead } from "../db/board.ts";
import type { Deps } from "./deps.ts";

/** Reads what a board shows. */
export type BoardReading = (asked: BoardAsked) => Promise<BoardRead>;

/** Not every change is told of, such as that of a fund's name: an answer is kept no longer than this. */
const keptMs = 1_000;

/** An answer, and how many changes had been heard of when its reading began. */
type Reading = {
  answer: Promise<BoardRead>;
  change: number;
  begunAt: number;
  isOver: boolean;
  next: Promise<BoardRead> | null;
};

/**
 * Reads a board once for all who ask the same at the same time: of one question one reading is under way. Whoever asks
 * after a change gets none that began before it, but waits for the next one. Who may ask is the routes' matter.
 */
export function createBoardReading({ sql, live, now }: Pick<Deps, "sql" | "live" | "now">): BoardReading {
  const read: BoardReading = async (asked) => await readBoard(sql, asked);
  // Where nobody tells of changes, requests share no memory either.
  return live === null ? read : shareReadings(read, live, now);
}

/** The same reading for many; tests hand in their own. */
export function shareReadings(read: BoardReading, live: NonNullable<Deps["live"]>, now: Deps["now"]): BoardReading {
  const readings = new Map<string, Reading>();
  let change = 0;
  live.subscribe({ changed: () => void change++, ended: () => undefined });

  const isKept = (reading: Reading): boolean =>
    reading.change === change && (!reading.isOver || now().getTime() - reading.begunAt < keptMs);

  const begin = async (question: string, asked: BoardAsked): Promise<BoardRead> => {
    for (const [key, old] of readings) if (old.isOver && old.next === null && !isKept(old)) readings.delete(key);
    const answer = read(asked);
    const reading: Reading = { answer, change, begunAt: now().getTime(), isOver: false, next: null };
    readings.set(question, reading);
    try {
      return await answer;
    } catch (error) {
      // Those who wait for it are told; whoever asks next tries again.
      if (readings.get(question) === reading) readings.delete(question);
      throw error;
    } finally {
      reading.isOver = true;
    }
  };

  const afterwards = async (reading: Reading, question: string, asked: BoardAsked): Promise<BoardRead> => {
    await reading.answer.catch(() => undefined);
    return await begin(question, asked);
  };

  return async (asked) => {
    const question = JSON.stringify(asked, (_name, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    const known = readings.get(question);
    if (known !== undefined && isKept(known)) return await known.answer;
    if (known === undefined || (known.isOver && known.next === null)) return await begin(question, asked);
    return await (known.next ??= afterwards(known, question, asked));
  };
}
