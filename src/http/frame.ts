import type { Context } from "hono";
import type { Organisation } from "../core/fund.ts";
import { chooseWording, ourLanguage, readLanguages, type Wordings } from "../core/wording.ts";
import { deeds, mayAnywhere, organisationsOf } from "../core/role.ts";
import { countAlerts } from "../db/alert.ts";
import { listOrganisations, readHouse } from "../db/account.ts";
import { readWordings } from "../db/wording.ts";
import type { Frame } from "../../web/parts/frame.ts";
import type { Deps, Env } from "./deps.ts";
import { whoIs } from "./session.ts";

/** What surrounds each page: read afresh for pages, as last known for failures, which must not need the database. */
export type Frames = { read: (c: Context<Env>) => Promise<Frame>; lastKnown: (c: Context<Env>) => Frame };

/** What the frame of a page was made of when it was last read. */
export type FrameMemory = { organisations: Organisation[]; timeZone: string; wordings: Wordings };

export function emptyFrameMemory(): FrameMemory {
  return { organisations: [], timeZone: "America/Toronto", wordings: {} };
}

export function createFrames(deps: Deps): Frames {
  const memory = deps.frameMemory ?? emptyFrameMemory();
  const lastKnown = (c: Context<Env>): Frame => {
    const staff = c.get("signedIn")?.staff ?? null;
    return {
      assets: { style: deps.assets.style, script: deps.assets.script },
      sandbox: deps.mode === "sandbox",
      boardIsOpen: staff !== null && mayAnywhere(staff, "see board"),
      staff: staff === null ? null : { name: staff.name, seesDesk: mayAnywhere(staff, "see desk") },
      organisations: memory.organisations,
      timeZone: memory.timeZone,
      wording: chooseWording(memory.wordings, readLanguages(c.req.query("lang"), c.req.header("accept-language"))),
    };
  };
  return {
    lastKnown,
    async read(c) {
      const [found, house, wordings, desk] = await Promise.all([
        listOrganisations(deps.sql),
        readHouse(deps.sql),
        readWordings(deps.sql),
        // Who looks stands in the header, too, which `lastKnown` makes of it.
        readDesk(c, deps),
      ]);
      memory.organisations = found;
      memory.timeZone = house.timeZone;
      memory.wordings = wordings;
      if (Object.keys(wordings).some((language) => language !== ourLanguage))
        c.header("vary", "accept-language", { append: true });
      return { ...lastKnown(c), desk };
    },
  };
}

/** The desk as whoever looks knows it, with how much needs a hand; null when they may not see it. */
async function readDesk(c: Context<Env>, deps: Deps): Promise<NonNullable<Frame["desk"]> | null> {
  const staff = (await whoIs(c, deps))?.staff;
  if (staff === undefined || !mayAnywhere(staff, "see desk")) return null;
  const { path } = c.req;
  const needsHand = await countAlerts(deps.sql, organisationsOf(staff, "see desk"));
  const isTold = needsHand > 0 && mayAnywhere(staff, "change settings") && !/^\/desk(?:\/alerts)?$/u.test(path);
  return { path, deeds: deeds.filter((deed) => mayAnywhere(staff, deed)), needsHand, isTold };
}
