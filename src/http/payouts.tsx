import { Hono, type Context } from "hono";
import { csvAmount, csvText } from "../core/csv.ts";
import {
  type OpenedPayout,
  type PayoutLine,
  type PayoutMember,
  type PayoutPlace,
  payoutState,
  readMoment,
  writeMoment,
} from "../core/payout.ts";
import { organisationsOf } from "../core/role.ts";
import type { BookPlace } from "../db/book.ts";
import { findPayoutPlace, listPayoutMembers, listPayouts, openPayout } from "../db/payout.ts";
import { payoutWords } from "../../web/locales/en/payouts.ts";
import { PayoutPage } from "../../web/pages/payout.tsx";
import { PayoutsPage } from "../../web/pages/payouts.tsx";
import { csvFile, csvRowsAtOnce } from "./book-csv.ts";
import { asJson, openBookDesk } from "./book-desk.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

const pagePayouts = 50;
const pageMembers = 100;

/** `/desk/books/payouts`: what Stripe paid out, as a list, as CSV and as JSON; `/:id` opens one with all that is in it. */
export function payoutRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/desk/books/*", neverKept, guard(deps, "see desk"));

  app.get("/desk/books/payouts", async (c) => {
    const [frame, { places, here }] = await Promise.all([frames.read(c), openBookDesk(c, deps)]);
    const before = readMoment(c.req.query("before"));
    const payouts = await listPayouts(sql, here.id, { before, limit: pagePayouts + 1 });
    const shown = payouts.slice(0, pagePayouts);
    return await c.html(
      <PayoutsPage
        {...{ frame, places, here }}
        payouts={shown}
        isFirst={before === null}
        older={payouts.length > pagePayouts ? (shown.at(-1) ?? null) : null}
      />,
    );
  });

  app.get("/desk/books/payouts.csv", async (c) => {
    const { here } = await openBookDesk(c, deps);
    const { payout, created, arrival, account, status, state, automatic, members, amount, currency } =
      payoutWords.csvHeads;
    const heads = { payout, created, arrival, account, status, state, automatic, members, amount, currency };
    const read = async (before: PayoutPlace | null) =>
      await listPayouts(sql, here.id, { before, limit: csvRowsAtOnce });
    return csvFile(c, `payouts-${here.slug}`, heads, pages(read, payoutRow));
  });

  app.get("/desk/books/payouts.json", async (c) => {
    const { here } = await openBookDesk(c, deps);
    const before = readMoment(c.req.query("before"));
    const payouts = await listPayouts(sql, here.id, { before, limit: pagePayouts + 1 });
    const shown = payouts.slice(0, pagePayouts).map((payout) => ({ ...payout, state: payoutState(payout) }));
    const last = shown.at(-1);
    const older = payouts.length > pagePayouts && last !== undefined ? writeMoment(last) : null;
    return c.json(asJson({ asOf: deps.now(), organisation: here.slug, payouts: shown, older }));
  });

  /** Whose payout it is, or nothing: of what belongs to others nobody learns that it is there. */
  const placeOf = async (c: Context<Env>, id: string): Promise<BookPlace> => {
    const here = await findPayoutPlace(sql, organisationsOf(c.get("staff"), "see desk"), id);
    if (here === null) throw new Refused("not found");
    return here;
  };

  const open = async (here: BookPlace, id: string, after: PayoutPlace | null) => {
    const [payout, members]: [OpenedPayout | null, PayoutMember[]] = await Promise.all([
      openPayout(sql, here.id, id),
      listPayoutMembers(sql, here.id, id, { after, limit: pageMembers + 1 }),
    ]);
    if (payout === null) throw new Refused("not found");
    const shown = members.slice(0, pageMembers);
    return { payout, members: shown, next: members.length > pageMembers ? (shown.at(-1) ?? null) : null };
  };

  app.get("/desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}", async (c) => {
    const id = c.req.param("id");
    const [frame, here] = await Promise.all([frames.read(c), placeOf(c, id)]);
    const after = readMoment(c.req.query("after"));
    const opened = await open(here, id, after);
    return await c.html(<PayoutPage frame={frame} here={here} isFirst={after === null} {...opened} />);
  });

  app.get("/desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}/members.json", async (c) => {
    const id = c.req.param("id");
    const { payout, members, next } = await open(await placeOf(c, id), id, readMoment(c.req.query("after")));
    return c.json(asJson({ asOf: deps.now(), payout, members, next: next === null ? null : writeMoment(next) }));
  });

  app.get("/desk/books/payouts/:id{po_[a-zA-Z0-9_]{1,250}}/members.csv", async (c) => {
    const payout = c.req.param("id");
    const here = await placeOf(c, payout);
    const { id, created, kind, payment, entry, funds, gross, fee, net, currency } = payoutWords.csvHeads;
    const heads = { id, created, kind, payment, entry, funds, gross, fee, net, currency };
    const read = async (after: PayoutPlace | null) =>
      await listPayoutMembers(sql, here.id, payout, { after, limit: csvRowsAtOnce });
    return csvFile(c, payout, heads, pages(read, memberRow));
  });

  return app;
}

/** Page after page of a list, as rows of a file. */
function pages<Item extends PayoutPlace, Row>(
  read: (place: PayoutPlace | null) => Promise<Item[]>,
  asRow: (item: Item) => Row,
): () => Promise<Row[] | null> {
  let place: PayoutPlace | null = null;
  let isOver = false;
  return async () => {
    if (isOver) return null;
    const items = await read(place);
    place = items.at(-1) ?? null;
    isOver = items.length < csvRowsAtOnce;
    return items.map(asRow);
  };
}

function payoutRow(payout: PayoutLine) {
  return {
    payout: csvText(payout.id),
    created: payout.createdOn,
    arrival: payout.arrivalDate,
    account: csvText(payout.account),
    status: payoutWords.statuses[payout.status] ?? csvText(payout.status),
    state: payoutWords.chips[payoutState(payout)],
    automatic: payout.automatic ? "yes" : "no",
    members: payout.membersKnown ? String(payout.members) : "",
    amount: csvAmount(payout),
    currency: payout.currency,
  };
}

function memberRow({ currency, ...member }: PayoutMember) {
  const whose = member.shares.map(
    ({ fund, amountMinor }) => `${fund ?? payoutWords.one.unassigned} ${csvAmount({ amountMinor, currency })}`,
  );
  return {
    id: csvText(member.id),
    created: member.day,
    kind: payoutWords.one.oneOf[member.kind],
    payment: member.paymentId === null ? "" : String(member.paymentId),
    entry: member.entryNumber === null ? "" : String(member.entryNumber),
    funds: csvText(whose.join("; ")),
    gross: csvAmount({ amountMinor: member.amountMinor, currency }),
    fee: csvAmount({ amountMinor: member.feeMinor, currency }),
    net: csvAmount({ amountMinor: member.netMinor, currency }),
    currency,
  };
}
