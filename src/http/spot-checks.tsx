import { Hono, type Context } from "hono";
import type { Fields } from "../core/give.ts";
import { readPeriod } from "../core/period.ts";
import { may, mayAnywhere, organisationsOf } from "../core/role.ts";
import { oneLine } from "../core/setting-form.ts";
import { chances, tickOutcomes } from "../core/spot-check.ts";
import { listBookPlaces } from "../db/book.ts";
import { drawSpotCheck, findSpotCheck, listSpotChecks, tickSpotCheck } from "../db/spot-check.ts";
import { spotCheckWords as words } from "../../web/locales/en/spot-check.ts";
import { SpotCheckPage } from "../../web/pages/spot-check.tsx";
import { SpotChecksPage } from "../../web/pages/spot-checks.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

/** How many checks a page shows; the older ones keep their addresses. */
const shownMax = 50;

const remarkMax = 500;

/** `/board/spot-checks`: gifts drawn at random, and what a person found of each. The board looks, the treasurer ticks. */
export function spotCheckRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/board/spot-checks", neverKept, guard(deps, "see board"));
  app.use("/board/spot-checks/*", neverKept, guard(deps, "see board"));
  const keep = guard(deps, "keep money");

  app.get("/board/spot-checks", async (c) => await showList(c, {}, null));

  app.post("/board/spot-checks", keep, async (c) => {
    const fields = await readFields(c);
    const kept = await listBookPlaces(sql, organisationsOf(c.get("staff"), "keep money"));
    const here = kept.find(({ slug }) => slug === oneLine(fields, "organisation"));
    if (here === undefined) throw new Refused("not found");
    const read = readPeriod(fields);
    if (!read.ok) return await showList(c, fields, read.refusal.words);
    const request = oneLine(fields, "request") || deps.random();
    const said = { ...read.period, request, organisation: here.slug };
    const drawn = await drawSpotCheck(sql, said, chances(deps.random), c.get("staff"));
    if (!drawn.ok) return await showList(c, fields, words.notDrawn(drawn.refusal));
    return c.redirect(`/board/spot-checks/${drawn.id}?done=drawn`, 303);
  });

  app.get("/board/spot-checks/:id{[0-9]{1,18}}", async (c) => await showOne(c, {}, null));

  app.post("/board/spot-checks/:id{[0-9]{1,18}}/ticks", keep, async (c) => {
    const fields = await readFields(c);
    const check = BigInt(c.req.param("id"));
    if ((await findSpotCheck(sql, organisationsOf(c.get("staff"), "keep money"), check)) === null) {
      throw new Refused("not found");
    }
    const outcome = tickOutcomes.find((each) => each === fields["outcome"]);
    const remark = oneLine(fields, "remark");
    if (outcome === undefined) return await showOne(c, fields, words.notTicked(words.notRead));
    if (remark.length > remarkMax) return await showOne(c, fields, words.notTicked(words.tooLong));
    const request = oneLine(fields, "request") || deps.random();
    const place = Number(/^\d{1,2}$/u.exec(fields["place"] ?? "")?.[0] ?? "0");
    const ticked = await tickSpotCheck(sql, { request, check, place, outcome, remark }, c.get("staff"));
    if (!ticked.ok) return await showOne(c, fields, words.notTicked(ticked.refusal));
    return c.redirect(`/board/spot-checks/${check}?done=ticked#gift-${place}`, 303);
  });

  async function showList(c: Context<Env>, fields: Fields, refusal: string | null): Promise<Response> {
    const staff = c.get("staff");
    const places = await listBookPlaces(sql, organisationsOf(staff, "see board"));
    const named = fields["organisation"] ?? c.req.query("organisation");
    const here = named === undefined ? places[0] : places.find(({ slug }) => slug === named);
    if (here === undefined && named !== undefined) throw new Refused("not found");
    if (refusal !== null) c.status(422);
    const [frame, checks] = await Promise.all([
      frames.read(c),
      here === undefined ? [] : listSpotChecks(sql, here.id, shownMax),
    ]);
    const typed = { ...c.req.query(), ...fields };
    return await c.html(
      <SpotChecksPage
        frame={frame}
        places={places}
        here={here ?? null}
        checks={checks}
        mayDraw={here !== undefined && may(staff, "keep money", { organisationId: here.id })}
        request={deps.random()}
        typed={{ from: typed["from"] ?? "", to: typed["to"] ?? "" }}
        refusal={refusal}
      />,
    );
  }

  async function showOne(c: Context<Env>, fields: Fields, refusal: string | null): Promise<Response> {
    const staff = c.get("staff");
    const id = BigInt(c.req.param("id") ?? "0");
    const [frame, found] = await Promise.all([
      frames.read(c),
      findSpotCheck(sql, organisationsOf(staff, "see board"), id),
    ]);
    if (found === null) throw new Refused("not found");
    if (refusal !== null) c.status(422);
    const mayKeep = may(staff, "keep money", { organisationId: found.check.organisationId });
    return await c.html(
      <SpotCheckPage
        {...{ frame, ...found, refusal }}
        mode={deps.mode}
        seesDesk={mayAnywhere(staff, "see desk")}
        request={mayKeep ? deps.random() : null}
        typed={{ place: fields["place"] ?? "", remark: fields["remark"] ?? "" }}
        notice={words.done[c.req.query("done") ?? ""] ?? null}
      />,
    );
  }

  return app;
}
