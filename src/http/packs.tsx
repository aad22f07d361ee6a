import { Hono, type Context } from "hono";
import { likelyEarlier, type Pack, readLinkDays, readPackForm, readPackLanguages } from "../core/pack.ts";
import type { BoardPlace } from "../core/total.ts";
import { localDay, readPeriod } from "../core/period.ts";
import { may, mayAnywhere, placesOf } from "../core/role.ts";
import { readHouse } from "../db/account.ts";
import { findPack, listPacks, makePack, switchMonthlyPack } from "../db/pack.ts";
import { listPackLinks, makePackLink, revokePackLink } from "../db/pack-link.ts";
import type { PackSnapshot } from "../../web/charts/pack-data.ts";
import { packDocuments, type StoredPack } from "../../web/charts/pack-sections.ts";
import { packsWords as words } from "../../web/locales/en/packs.ts";
import { PackPage } from "../../web/pages/pack.tsx";
import { NewPackPage, PacksPage } from "../../web/pages/packs.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { monthlyChoices, readPackCurrency, readPackPlace } from "./pack-place.ts";
import { createPrinter } from "./pack-print.ts";
import { readSnapshot, shareOf } from "./pack-snapshot.ts";

/** `/board/packs`: the packs of the board's meetings. They are made by whoever keeps the money, and looked at by the board. */
export function packRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql, now } = deps;
  const app = new Hono<Env>();
  const print = createPrinter(deps);
  const keep = guard(deps, "keep money");
  app.use("/board/packs/*", neverKept, guard(deps, "see board"));

  app.get("/board/packs", async (c) => {
    const staff = c.get("staff");
    const mayMake = mayAnywhere(staff, "keep money");
    const [frame, packs, choices] = await Promise.all([
      frames.read(c),
      listPacks(sql, placesOf(staff, "see board")),
      mayMake ? monthlyChoices(sql, placesOf(staff, "keep money")) : null,
    ]);
    const monthly = choices === null ? null : { choices, canSend: (deps.mail ?? "none") !== "none" };
    return await c.html(<PacksPage {...{ frame, packs, mayMake, monthly, notice: noticeOf(c) }} />);
  });

  app.get("/board/packs/new", keep, async (c) => {
    const query = c.req.query();
    const place = await readPackPlace(c, deps, query);
    const read = readPeriod({ from: query["from"], to: query["to"] });
    const period = read.ok ? read.period : { from: null, to: null };
    const currency = await readPackCurrency(deps, place, query["currency"]);
    const packs = await alike(place, currency);
    const earlier = likelyEarlier(packs, place, period);
    const values = {
      from: period.from ?? "",
      to: period.to ?? "",
      languages: "en",
      earlier: earlier === null ? "" : String(earlier.number),
    };
    return await c.html(
      <NewPackPage frame={await frames.read(c)} {...{ place, currency, packs, values }} errors={{}} />,
    );
  });

  app.post("/board/packs/new", keep, async (c) => {
    const fields = await readFields(c);
    const place = await readPackPlace(c, deps, fields);
    const currency = await readPackCurrency(deps, place, fields["currency"]);
    const packs = await alike(place, currency);
    const refuse = async (errors: Record<string, string>): Promise<Response> => {
      c.status(422);
      return await c.html(
        <NewPackPage frame={await frames.read(c)} {...{ place, currency, packs, errors }} values={fields} />,
      );
    };
    const read = readPackForm(fields);
    if (!read.ok)
      return await refuse(
        Object.fromEntries(
          Object.entries(read.refusals).flatMap(([field, refusal]) =>
            refusal === undefined ? [] : [[field, words.form.wrong[refusal]]],
          ),
        ),
      );
    const { period, languages, note } = read.form;
    const earlier = read.form.earlier === null ? null : await findPack(sql, "all", read.form.earlier);
    if (read.form.earlier !== null && !packs.some(({ number }) => number === earlier?.number))
      return await refuse({ earlier: words.form.wrong["not a pack"] });
    const at = now();
    const snapshot = await readSnapshot(sql, { place, period, currency, earlier }, at);
    const made = await makePack(sql, c.get("staff"), {
      ...period,
      place,
      currency,
      languages,
      note,
      snapshot,
      at,
      earlier: earlier?.number ?? null,
      month: null,
    });
    if (!made.ok) return await refuse({ form: words.form.refused(made.refusal) });
    return c.redirect(`/board/packs/${made.value}?done=made`, 303);
  });

  app.post("/board/packs/monthly", keep, async (c) => {
    const fields = await readFields(c);
    const place = await readPackPlace(c, deps, fields);
    if ((deps.mail ?? "none") === "none") throw new Refused("not understood", words.monthly.noMail);
    const languages = readPackLanguages(fields["languages"]);
    if (languages === null && fields["languages"] !== "off")
      throw new Refused("not understood", words.form.wrong["not a language"]);
    const { timeZone } = await readHouse(sql, place.organisationId);
    await switchMonthlyPack(sql, c.get("staff"), place, languages, localDay(now(), timeZone));
    return c.redirect("/board/packs?done=monthly#monthly", 303);
  });

  app.get("/board/packs/:number{[0-9]{1,9}}", async (c) => {
    const pack = await open(c, "see board");
    return await show(c, pack, null);
  });

  app.get("/board/packs/:number{[0-9]{1,9}}/pack.pdf", async (c) => {
    const pack = await open(c, "see board");
    const { number, madeAt } = pack;
    return await print(c, `pack ${number}`, `board-pack-${number}`, {
      documents: packDocuments(storedOf(pack)),
      madeAt,
    });
  });

  app.post("/board/packs/:number{[0-9]{1,9}}/links", keep, async (c) => {
    const pack = await open(c, "keep money");
    const days = readLinkDays((await readFields(c))["days"]);
    if (days === null) throw new Refused("not understood");
    const shared = await shareOf(sql, { ...pack, place: pack }, pack.snapshot as PackSnapshot);
    const made = await makePackLink(sql, c.get("staff"), pack.number, { days, shared, at: now() });
    if (!made.ok) throw new Refused("not understood", made.refusal);
    return await show(c, pack, `${deps.baseUrl}/packs/${made.value}`);
  });

  app.post("/board/packs/:number{[0-9]{1,9}}/links/revoke", keep, async (c) => {
    const { number } = await open(c, "keep money");
    const { link = "" } = await readFields(c);
    if (!/^[1-9]\d{0,17}$/u.test(link)) throw new Refused("not found");
    await revokePackLink(sql, c.get("staff"), number, BigInt(link), now());
    return c.redirect(`/board/packs/${number}?done=revoked`, 303);
  });

  /** The pack that the address names, if this person may do this with it; of others nobody can tell whether they are. */
  async function open(c: Context<Env>, deed: "see board" | "keep money"): Promise<Pack> {
    const pack = await findPack(sql, placesOf(c.get("staff"), deed), BigInt(c.req.param("number") ?? "0"));
    if (pack === null) throw new Refused("not found");
    return pack;
  }

  async function show(c: Context<Env>, pack: Pack, made: string | null): Promise<Response> {
    const { number } = pack;
    const mayLink = may(c.get("staff"), "keep money", pack);
    const [frame, listed] = await Promise.all([frames.read(c), mayLink ? listPackLinks(sql, number) : null]);
    const links = listed === null ? null : { listed, made, now: now() };
    const documents = packDocuments(storedOf(pack));
    return await c.html(<PackPage {...{ frame, number, documents, links, notice: noticeOf(c) }} />);
  }

  /** Packs that a new one of this place can be compared with. */
  async function alike(place: BoardPlace, currency: string) {
    const packs = await listPacks(sql, "all");
    return packs.filter(
      (pack) =>
        pack.currency === currency &&
        pack.organisationId === place.organisationId &&
        pack.fundId === place.fundId &&
        pack.campaignId === place.campaignId,
    );
  }

  return app;
}

function storedOf({ number, languages, note, madeAt, madeBy, snapshot }: Pack): StoredPack {
  return {
    number: Number(number),
    languages,
    note,
    madeAt: madeAt.toISOString(),
    madeBy,
    snapshot: snapshot as PackSnapshot,
  };
}

function noticeOf(c: Context<Env>): string | null {
  return words.done[c.req.query("done") ?? ""] ?? null;
}
