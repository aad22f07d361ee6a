import type { Context } from "hono";
import type { Fields } from "../core/give.ts";
import { Refused } from "./failure.ts";

/** Larger than any form or JSON that a page of ours sends. */
export const bodyBytesMax = 64 * 1024;

/**
 * The fields of a form as browsers send them. A field sent twice keeps its last value.
 * @throws Refused when the body is of another kind.
 */
export async function readFields(c: Context): Promise<Fields> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Refused("not a form");
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}

/** What the body limit throws. */
export function tooLarge(): never {
  throw new Refused("too large");
}
