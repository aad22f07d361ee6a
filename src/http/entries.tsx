import { Hono, type Context } from "hono";
import { csvAmount, csvText } from "../core/csv.ts";
import { type Entry, type EntryFilter, type EntryPlace, readEntryFilter, readEntryPlace } from "../core/entry-list.ts";
import { organisationsOf } from "../core/role.ts";
import { listBookAccounts } from "../db/book.ts";
import { listEntries, openEntry, sumEntries } from "../db/entry.ts";
import { bookWords } from "../../web/locales/en/books.ts";
import { EntriesPage } from "../../web/pages/entries.tsx";
import { EntryPage } from "../../web/pages/entry.tsx";
import { csvFile, csvRowsAtOnce } from "./book-csv.ts";
import { asJson, askedPeriod, openBookDesk, partOf, readBookFunds } from "./book-desk.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

const pageEntries = 50;

/** `/desk/books/entries`: the journal of an organisation, as a list, as CSV and as JSON; `/:id` opens one. */
export function entryRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/desk/books/*", neverKept, guard(deps, "see desk"));

  const readAsked = async (c: Context<Env>) => {
    const [desk, funds] = await Promise.all([openBookDesk(c, deps), readBookFunds(c, deps)]);
    const { filter, refusal } = readEntryFilter(c.req.query());
    return { ...desk, funds, filter, refusal, part: partOf(filter.fund, funds) };
  };

  app.get("/desk/books/entries", async (c) => {
    const [frame, accounts, { places, here, funds, filter, refusal, part }] = await Promise.all([
      frames.read(c),
      listBookAccounts(sql),
      readAsked(c),
    ]);
    const before = readEntryPlace(c.req.query("before"));
    const [entries, sums] = await Promise.all([
      listEntries(sql, here.id, filter, part, { before, limit: pageEntries + 1 }),
      isSummed(filter) ? sumEntries(sql, here.id, filter, part) : null,
    ]);
    const shown = entries.slice(0, pageEntries);
    c.status(refusal === null ? 200 : 400);
    return await c.html(
      <EntriesPage
        {...{ frame, places, here, filter, funds, accounts, sums }}
        asked={askedPeriod(c)}
        entries={shown}
        isFirst={before === null}
        older={entries.length > pageEntries ? placeOf(shown) : null}
      />,
    );
  });

  app.get("/desk/books/entries.csv", async (c) => {
    const { here, filter, refusal, part } = await readAsked(c);
    if (refusal !== null) throw new Refused("not understood", refusal.words);
    let before: EntryPlace | null = null;
    let isOver = false;
    const { entry, day, source, sourceId, account, corrects, code, name, fund, campaign, currency, debit, credit } =
      bookWords.csv;
    const heads = {
      entry,
      day,
      source,
      sourceId,
      account,
      corrects,
      code,
      name,
      fund,
      campaign,
      currency,
      debit,
      credit,
    };
    return csvFile(c, `entries-${here.slug}`, heads, async () => {
      if (isOver) return null;
      const entries: Entry[] = await listEntries(sql, here.id, filter, part, { before, limit: csvRowsAtOnce });
      before = placeOf(entries);
      isOver = entries.length < csvRowsAtOnce;
      return entries.flatMap(asRows);
    });
  });

  app.get("/desk/books/entries.json", async (c) => {
    const { here, filter, refusal, part } = await readAsked(c);
    if (refusal !== null) throw new Refused("not understood", refusal.words);
    const before = readEntryPlace(c.req.query("before"));
    const entries = await listEntries(sql, here.id, filter, part, { before, limit: pageEntries + 1 });
    const shown = entries.slice(0, pageEntries);
    const older = entries.length > pageEntries ? placeOf(shown) : null;
    return c.json(
      asJson({
        asOf: deps.now(),
        organisation: here.slug,
        entries: shown,
        older: older === null ? null : `${older.day}.${older.number}`,
      }),
    );
  });

  app.get("/desk/books/entries/:id{[0-9]{1,18}}", async (c) => {
    const theirs = organisationsOf(c.get("staff"), "see desk");
    const [frame, entry] = await Promise.all([frames.read(c), openEntry(sql, theirs, BigInt(c.req.param("id")))]);
    if (entry === null) throw new Refused("not found");
    return await c.html(<EntryPage frame={frame} entry={entry} />);
  });

  return app;
}

/** Where a page ends. */
function placeOf(entries: readonly Entry[]): EntryPlace | null {
  const last = entries.at(-1);
  return last === undefined ? null : { day: last.enteredOn, number: last.number };
}

/** Whether the folded sums know what these lines come to. */
function isSummed({ source, payment }: EntryFilter): boolean {
  return source === null && payment === null;
}

function asRows(entry: Entry) {
  return entry.lines.map(({ code, name, fund, campaign, currency, amountMinor }) => ({
    entry: String(entry.number),
    day: entry.enteredOn,
    source: bookWords.entries.sources[entry.source],
    sourceId: csvText(entry.sourceId),
    account: csvText(entry.account),
    corrects: entry.corrects === null ? "" : String(entry.corrects.number),
    code,
    name: csvText(name),
    fund: csvText(fund),
    campaign: csvText(campaign),
    currency,
    debit: amountMinor > 0n ? csvAmount({ amountMinor, currency }) : "",
    credit: amountMinor < 0n ? csvAmount({ amountMinor: -amountMinor, currency }) : "",
  }));
}
