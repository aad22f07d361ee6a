import type { Context } from "hono";
import type { Organisation } from "../core/fund.ts";
import { mayAnywhere } from "../core/role.ts";
import { listOrganisations, readHouse } from "../db/account.ts";
import type { Frame } from "../../web/parts/frame.ts";
import type { Deps, Env } from "./deps.ts";
import { whoIs } from "./session.ts";

/** What surrounds each page: read afresh for pages, as last known for failures, which must not need the database. */
export type Frames = { read: (c: Context<Env>) => Promise<Frame>; lastKnown: (c: Context<Env>) => Frame };

/** What the frame of a page was made of when it was last read. */
export type FrameMemory = { organisations: Organisation[]; timeZone: string };

export function emptyFrameMemory(): FrameMemory {
  return { organisations: [], timeZone: "America/Toronto" };
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
      ...memory,
    };
  };
  return {
    lastKnown,
    async read(c) {
      const [found, house] = await Promise.all([
        listOrganisations(deps.sql),
        readHouse(deps.sql),
        // Who looks stands in the header, which `lastKnown` makes of it.
        whoIs(c, deps),
      ]);
      memory.organisations = found;
      memory.timeZone = house.timeZone;
      return lastKnown(c);
    },
  };
}
