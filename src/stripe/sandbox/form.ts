import { badRequest } from "./error.ts";

/** What a form says: text, or lists and groups of it. */
type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

/** More fields or deeper brackets than any request of the SDK's; they only cost time. */
const fieldsMax = 20_000;
const depthMax = 10;

/**
 * Reads a query string or form body as the SDK writes it: `a=1`, `a[b]=1`, `a[0][b]=1`, `a[]=1`.
 * Groups whose names are 0, 1, 2 ... in this order become lists. NUL becomes U+FFFD, because no database keeps it as text.
 *
 * @throws Refusal when brackets do not match, or one name is both text and a group.
 */
export function parseForm(text: string): Form {
  const root: Form = Object.create(null) as Form;
  let fields = 0;
  for (const [key, value] of new URLSearchParams(text)) {
    fields += 1;
    if (fields > fieldsMax) throw badRequest({ message: "Too many parameters." });
    place(root, path(key), value.replaceAll("\u0000", "\ufffd"), key);
  }
  return withLists(root) as Form;
}

/** `a[b][]` as `["a", "b", ""]`. */
function path(key: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/u.exec(key);
  if (match === null) throw badRequest({ message: `Invalid parameter name: ${key}`, param: key });
  const inner = [...(match[2] ?? "").matchAll(/\[([^[\]]*)\]/gu)].map((part) => part[1] ?? "");
  if (inner.length > depthMax) throw badRequest({ message: `Parameter nested too deeply: ${key}`, param: key });
  return [match[1] ?? "", ...inner];
}

function place(root: Form, names: string[], value: string, key: string): void {
  let group = root;
  for (const [depth, given] of names.entries()) {
    const name = given === "" ? String(Object.keys(group).length) : given;
    const known = group[name];
    if (depth === names.length - 1) {
      if (known !== undefined && typeof known !== "string")
        throw badRequest({ message: `Invalid parameter: ${key}`, param: key });
      group[name] = value;
      return;
    }
    if (typeof known === "string") throw badRequest({ message: `Invalid parameter: ${key}`, param: key });
    group = (known ?? (group[name] = Object.create(null) as Form)) as Form;
  }
}

function withLists(value: FormValue): FormValue {
  if (typeof value === "string") return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  if (isList) return entries.map(([, inner]) => inner);
  return Object.assign(Object.create(null) as Form, Object.fromEntries(entries));
}
