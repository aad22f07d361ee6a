import type { MiddlewareHandler } from "hono";
import type { Deed, Staff } from "../core/role.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { isFromThisMachine } from "./loopback.ts";

/** Whoever sits at this machine, until there is sign-in. */
const atThisMachine: Staff = {
  id: "this machine",
  name: "At this machine",
  memberships: [{ role: "admin", organisationId: null, fundId: null }],
};

/** Lets only those through who may do this somewhere; what they may do with a row, the route asks `may` of `c.get("staff")`. */
export function guard(deps: Deps, _deed: Deed): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!isFromThisMachine(c.req.raw.headers, deps)) throw new Refused("not from this machine");
    c.set("staff", atThisMachine);
    await next();
  };
}
