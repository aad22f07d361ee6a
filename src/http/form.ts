import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Fields } from "../core/give.ts";
import { Refused } from "./failure.ts";

/** Larger than any form or JSON that a page of ours sends. */
const bodyBytesMax = 64 * 1024;

/**
 * The fields of a form as browsers send them. A field sent twice keeps its last value.
 * @throws Refused when the body is of another kind.
 */
export async function readFields(c: Context): Promise<Fields> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Refused("not a form");
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}

/** Where files are uploaded, and nothing else as large: pictures, papers that prove a payment, reports that Stripe made. */
const uploads: readonly [RegExp, number][] = [
  [/^\/desk\/settings\/[^?]*\/picture$/u, 512 * 1024],
  [/^\/desk\/money\/new\/(?:disbursement|expense)$/u, 2 * 1024 * 1024 + bodyBytesMax],
  [/^\/desk\/books\/payouts\/check$/u, 8 * 1024 * 1024 + bodyBytesMax],
];

/** Refuses bodies larger than what our own pages send. */
export const limitedBody: MiddlewareHandler = async (c, next) => {
  const upload = c.req.method === "POST" ? uploads.find(([path]) => path.test(c.req.path)) : undefined;
  const maxSize = upload?.[1] ?? bodyBytesMax;
  return await bodyLimit({ maxSize, onError: tooLarge })(c, next);
};

/** A file as it was sent: its bytes, and the type and name that the browser gave it. */
export type Upload = { bytes: Uint8Array<ArrayBuffer>; type: string; name: string };

/**
 * A form with one file, named `file` in it; empty when none was chosen.
 * @throws Refused when the body is of another kind.
 */
export async function readUpload(c: Context, file: string): Promise<{ file: Upload; fields: Fields }> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "multipart/form-data") throw new Refused("not a form");
  const form = await c.req.formData().catch(() => {
    throw new Refused("not understood");
  });
  const sent = form.get(file);
  const fields = Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  if (!(sent instanceof File)) return { file: { bytes: new Uint8Array(), type: "", name: "" }, fields };
  return { file: { bytes: new Uint8Array(await sent.arrayBuffer()), type: sent.type, name: sent.name }, fields };
}

/** What the body limit throws. */
function tooLarge(): never {
  throw new Refused("too large");
}
