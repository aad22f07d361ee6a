import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the SDK's type declarations promise, read from their text, so that it can be compared with values at run time: the
 * compiler believes whatever code says of a parsed answer, and this does not.
 */
type Property = { name: string; isOptional: boolean; type: string };
type Interface = { path: string[]; properties: Property[] };

const folder = join(import.meta.dirname, "../../../node_modules/stripe/esm/resources");
/** By full name, such as `Invoice.Parent.SubscriptionDetails`; aliases by theirs. */
const interfaces = new Map<string, Interface>();
const aliases = new Map<string, string>();
/** By the value of the property `object`, such as `checkout.session`. */
const byObject = new Map<string, Interface>();

for (const file of globSync("**/*.d.ts", { cwd: folder }))
  readDeclarations(file, readFileSync(join(folder, file), "utf8"));

function readDeclarations(file: string, source: string): void {
  // Files in folders declare names that others have too: Checkout/Sessions, BillingPortal/Sessions.
  const room = file.includes("/") ? [file.replaceAll("/", "_").replace(".d.ts", "")] : [];
  const path: string[] = [...room];
  const open: ("namespace" | Interface | "other")[] = [];
  for (const line of source
    .replaceAll(/\/\*[^]*?\*\//gu, "")
    .split("\n")
    .map((each) => each.trim())) {
    const named = /^(?:export )?(?:declare )?(interface|namespace) (\w+)(?: extends \w+)? \{$/u.exec(line);
    if (named?.[1] === "namespace") {
      path.push(named[2] ?? "");
      open.push("namespace");
      continue;
    }
    if (named?.[1] === "interface") {
      const found: Interface = { path: [...path], properties: [] };
      const full = [...path, named[2] ?? ""].join(".");
      if (!full.endsWith("Params") && !interfaces.has(full)) interfaces.set(full, found);
      open.push(found);
      continue;
    }
    if (line.startsWith("}")) {
      if (open.pop() === "namespace") path.pop();
      continue;
    }
    const alias = /^(?:export )?type (\w+) = (.*);$/u.exec(line);
    if (alias !== null) aliases.set([...path, alias[1] ?? ""].join("."), alias[2] ?? "");
    const inside = open.at(-1);
    const property = /^(\w+)(\??): (.*?)(;|\{)$/u.exec(line);
    if (property !== null && typeof inside === "object") {
      const [, name = "", optional, type = "", end] = property;
      inside.properties.push({ name, isOptional: optional === "?", type: end === "{" ? "object" : type });
      const object = name === "object" ? /^'(.*)'$/u.exec(type)?.[1] : undefined;
      if (object !== undefined && !byObject.has(object)) byObject.set(object, inside);
    }
    if (line.endsWith("{")) open.push("other");
  }
}

/** Where `value`, an object of Stripe's, does not hold what its type promises: what is missing, or of another kind. */
export function broken(value: unknown, where = ""): string[] {
  const kind = isObject(value) ? value.object : undefined;
  if (!isObject(value) || typeof kind !== "string") return [`${where} is no object of Stripe`];
  const declared = kind === "list" ? undefined : byObject.get(kind);
  if (kind === "list")
    return Array.isArray(value.data)
      ? value.data.flatMap((one, index) => broken(one, `${where}[${index}]`))
      : [`${where}.data`];
  if (declared === undefined) return [`${where} is a ${kind}, which is not declared`];
  if (value.deleted === true) return typeof value.id === "string" ? [] : [`${where}.id`];
  return brokenProperties(value, declared, where === "" ? kind : where);
}

function brokenProperties(value: Record<string, unknown>, declared: Interface, where: string): string[] {
  return declared.properties.flatMap(({ name, isOptional, type }) => {
    const inner = value[name];
    const place = `${where}.${name}`;
    if (inner === undefined) return isOptional || type === "void" ? [] : [`${place} is missing`];
    return brokenValue(inner, type, declared.path, place);
  });
}

function brokenValue(value: unknown, type: string, path: string[], place: string): string[] {
  const choices = type.split(" | ");
  if (value === null) return choices.includes("null") ? [] : [`${place} is null`];
  if (Array.isArray(value)) {
    const item = /^Array<(.*)>$/u.exec(type.replace(/ \| null$/u, ""))?.[1];
    if (item === undefined) return [`${place} is a list, not ${type}`];
    return value.flatMap((one, index) => brokenValue(one, item, path, `${place}[${index}]`));
  }
  if (isObject(value)) return brokenObject(value, choices, path, place);
  return choices.some((choice) => admits(choice, value, path))
    ? []
    : [`${place} is ${JSON.stringify(value)}, not ${type}`];
}

function brokenObject(value: Record<string, unknown>, choices: string[], path: string[], place: string): string[] {
  if ("toJSON" in value) return choices.includes("Decimal") ? [] : [`${place} is a decimal`];
  if (typeof value.object === "string") return broken(value, place);
  const declared = choices.map((choice) => found(interfaces, choice, path)).find((one) => one !== undefined);
  return declared === undefined ? [] : brokenProperties(value, declared, place);
}

/** Whether a plain value is one that this type names. Words that are open (`OtherString`) admit any other. */
function admits(choice: string, value: unknown, path: string[]): boolean {
  if (choice === typeof value) return true;
  if (choice === `'${String(value)}'` || choice === String(value)) return true;
  if (choice === "OtherString" || choice === "Decimal") return typeof value === "string";
  const alias = found(aliases, choice, path);
  return alias !== undefined && alias.split(" | ").some((one) => admits(one, value, path));
}

/** A name as it is seen from within `path`: the nearest one stands. */
function found<Kind>(names: Map<string, Kind>, name: string, path: string[]): Kind | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const known = names.get([...path.slice(0, depth), name].join("."));
    if (known !== undefined) return known;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
