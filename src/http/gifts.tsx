import { Hono, type Context } from "hono";
import { entriesAddress } from "../core/entry-list.ts";
import { giftsAddress, readGiftFilter, readPlace, readSearch } from "../core/gift-list.ts";
import { localDay } from "../core/period.ts";
import { mayAnywhere, organisationsOf, placesOf } from "../core/role.ts";
import { readHouse } from "../db/account.ts";
import { listBookPlaces } from "../db/book.ts";
import { type GiftQuestion, listGiftChoices, listGiftLines } from "../db/gift-list.ts";
import { sumGiftLines } from "../db/gift-sum.ts";
import { findPayment } from "../db/payment.ts";
import { moneyWords } from "../../web/locales/en/money.ts";
import { GiftPage } from "../../web/pages/gift.tsx";
import { GiftsPage } from "../../web/pages/gifts.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { giftCsv } from "./gift-csv.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

const pageLines = 50;

/** What an address or a form asked for. */
type Asked = Record<string, string | undefined>;

/**
 * `/desk/gifts`: every gift, found by whoever gave it, its amount or an id; `/desk/gifts/:payment` opens one. Filters stand
 * in the address; what is searched for does not, because it may name a person: searches are sent as forms.
 */
export function giftRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/desk/gifts/*", neverKept, guard(deps, "see desk"));
  app.use("/desk/gifts.csv", neverKept, guard(deps, "see desk"));

  async function questionOf(c: Context<Env>, asked: Asked) {
    const { currency, timeZone } = await readHouse(sql);
    const typed = asked["q"] ?? "";
    const { filter, refusal } = readGiftFilter(asked);
    const places = placesOf(c.get("staff"), "see desk");
    const question: GiftQuestion = { filter, search: readSearch(typed, currency), places };
    return { question, refusal, typed, today: localDay(deps.now(), timeZone) };
  }

  async function list(c: Context<Env>, asked: Asked): Promise<Response> {
    const { question, refusal, typed } = await questionOf(c, asked);
    const before = readPlace(asked["before"]);
    const [frame, books, choices, lines, sums] = await Promise.all([
      frames.read(c),
      listBookPlaces(sql, organisationsOf(c.get("staff"), "see desk")),
      listGiftChoices(sql, question.places),
      listGiftLines(sql, question, { before, limit: pageLines + 1 }),
      sumGiftLines(sql, question),
    ]);
    const shown = lines.slice(0, pageLines);
    const last = shown.at(-1);
    const older =
      lines.length > pageLines && last !== undefined
        ? { day: last.countedOn, paymentId: last.paymentId, part: last.part }
        : null;
    const days = { from: asked["from"] ?? "", to: asked["to"] ?? "" };
    c.status(refusal === null ? 200 : 400);
    return await c.html(
      <GiftsPage
        frame={frame}
        filter={question.filter}
        search={{ typed, by: question.search?.by ?? null }}
        period={refusal === null ? null : { refusal, typed: days }}
        choices={choices}
        lines={shown}
        sums={sums}
        isFirst={before === null}
        older={older}
        books={booksOf(question, books)}
      />,
    );
  }

  app.get("/desk/gifts", async (c) => await list(c, { ...c.req.query(), q: undefined }));

  app.post("/desk/gifts", async (c) => {
    const fields: Asked = await readFields(c);
    // Nothing is looked for: the filters alone are an address, which can be kept and sent on.
    const { filter, refusal } = readGiftFilter(fields);
    if ((fields["q"] ?? "").trim() === "" && refusal === null) return c.redirect(giftsAddress(filter), 303);
    return await list(c, fields);
  });

  const csv = async (c: Context<Env>, asked: Asked): Promise<Response> => {
    const { question, refusal, today } = await questionOf(c, asked);
    if (refusal !== null) throw new Refused("not understood", refusal.words);
    c.header("content-type", "text/csv; charset=utf-8");
    c.header("content-disposition", `attachment; filename="gifts-${today}.csv"`);
    return c.body(giftCsv(async (before, limit) => await listGiftLines(sql, question, { before, limit })));
  };
  app.get("/desk/gifts.csv", async (c) => await csv(c, { ...c.req.query(), q: undefined }));
  app.post("/desk/gifts.csv", async (c) => await csv(c, await readFields(c)));

  app.get("/desk/gifts/:payment{[0-9]{1,18}}", async (c) => {
    const places = placesOf(c.get("staff"), "see desk");
    const payment = await findPayment(sql, BigInt(c.req.param("payment")), places);
    if (payment === null) throw new Refused("not found");
    const frame = await frames.read(c);
    const request = mayAnywhere(c.get("staff"), "keep money") ? deps.random() : null;
    const open = await listBookPlaces(sql, organisationsOf(c.get("staff"), "see desk"));
    const books = open.find(({ id }) => id === payment.organisationId)?.slug ?? null;
    const notice = moneyWords.done[c.req.query("done") ?? ""] ?? null;
    return await c.html(
      <GiftPage
        frame={frame}
        payment={payment}
        mode={deps.mode}
        notice={notice}
        request={request}
        entries={books === null ? null : entriesAddress(books, { payment: payment.id })}
      />,
    );
  });

  return app;
}

/** The organisation whose books say the same as the sums of a list: null where its filters are finer than books are. */
function booksOf({ filter, search }: GiftQuestion, books: readonly { slug: string }[]): string | null {
  const { organisation, campaign, state, source, returned } = filter;
  const isFiner = [search, campaign, state, source, returned].some((limit) => limit !== null);
  if (isFiner) return null;
  const named = organisation === null && books.length > 1 ? undefined : (organisation ?? books[0]?.slug);
  return books.find(({ slug }) => slug === named)?.slug ?? null;
}
