import type { Context } from "hono";
import type { Organisation } from "../core/fund.ts";
import { deeds, mayAnywhere, organisationsOf, type Staff } from "../core/role.ts";
import { countAlerts } from "../db/alert.ts";
import { listOrganisations, readHouse } from "../db/account.ts";
import type { Frame } from "../../web/parts/frame.ts";
import type { Deps } from "./deps.ts";
import { isFromThisMachine } from "./loopback.ts";

/** What surrounds each page: read afresh for pages, as last known for failures, which must not need the database. */
export type Frames = { read: (c: Context) => Promise<Frame>; lastKnown: (c: Context) => Frame };

/** What the frame of a page was made of when it was last read. */
export type FrameMemory = { organisations: Organisation[]; timeZone: string };

export function emptyFrameMemory(): FrameMemory {
  return { organisations: [], timeZone: "America/Toronto" };
}

export function createFrames(deps: Deps): Frames {
  const memory = deps.frameMemory ?? emptyFrameMemory();
  const lastKnown = (c: Context): Frame => ({
    assets: { style: deps.assets.style, script: deps.assets.script },
    sandbox: deps.mode === "sandbox",
    boardIsOpen: isFromThisMachine(c.req.raw.headers, deps),
    ...memory,
  });
  return {
    lastKnown,
    async read(c) {
      const [found, house, desk] = await Promise.all([
        listOrganisations(deps.sql),
        readHouse(deps.sql),
        readDesk(deps, c.get("staff") as Staff | undefined, c.req.path),
      ]);
      memory.organisations = found;
      memory.timeZone = house.timeZone;
      return { ...lastKnown(c), desk };
    },
  };
}

/** The desk as this person knows it, with how much needs a hand; null when they may not see it. */
async function readDesk(
  { sql }: Pick<Deps, "sql">,
  staff: Staff | undefined,
  path: string,
): Promise<NonNullable<Frame["desk"]> | null> {
  if (staff === undefined || !mayAnywhere(staff, "see desk")) return null;
  const needsHand = await countAlerts(sql, organisationsOf(staff, "see desk"));
  const isTold = needsHand > 0 && mayAnywhere(staff, "change settings") && !/^\/desk(?:\/alerts)?$/u.test(path);
  return { path, deeds: deeds.filter((deed) => mayAnywhere(staff, deed)), needsHand, isTold };
}
