/** What kinds of values stand at each place of an object, such as `number` at `lines.data[].amount`. */
export type Shape = Map<string, Set<string>>;

/** Names in it are the account's own, not Stripe's. */
const ownNames = ["metadata"];

/** The shape of an object as JSON has it; the elements of a list are one place together. */
export function shapeOf(value: unknown, path = "", shape: Shape = new Map()): Shape {
  if (path !== "") shape.set(path, (shape.get(path) ?? new Set()).add(kindOf(value)));
  if (Array.isArray(value)) for (const item of value) shapeOf(item, `${path}[]`, shape);
  else if (typeof value === "object" && value !== null && !ownNames.includes(path.split(".").at(-1) ?? "")) {
    for (const [name, inner] of Object.entries(value)) shapeOf(inner, path === "" ? name : `${path}.${name}`, shape);
  }
  return shape;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

type Difference = { path: string; words: string };

/**
 * What is to be mended in `ours` to look like `theirs`; a place inside one that is missing itself is not named again. That a
 * value is null on one side, or a list empty, is no difference: it depends on what was asked for.
 */
export function differences(ours: Shape, theirs: Shape): Difference[] {
  const missing = outermost(theirs, ours).map((path) => ({
    path,
    words: `Stripe has it (${[...(theirs.get(path) ?? [])].join(" or ")}), we do not`,
  }));
  const extra = outermost(ours, theirs).map((path) => ({
    path,
    words: `we have it (${[...(ours.get(path) ?? [])].join(" or ")}), Stripe does not`,
  }));
  const other = [...theirs.keys()].flatMap((path) => {
    const [a, b] = [knownKinds(ours, path), knownKinds(theirs, path)];
    if (a.length === 0 || b.length === 0 || a.some((kind) => b.includes(kind))) return [];
    return [{ path, words: `Stripe says ${b.join(" or ")}, we say ${a.join(" or ")}` }];
  });
  return [...missing, ...extra, ...other];
}

const knownKinds = (shape: Shape, path: string): string[] =>
  [...(shape.get(path) ?? [])].filter((kind) => kind !== "null");

/** Properties of `one` that `other` has not, where it does have the object that they are in. */
function outermost(one: Shape, other: Shape): string[] {
  return [...one.keys()].filter((path) => {
    if (other.has(path) || path.endsWith("[]")) return false;
    const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
    return parent === "" || other.get(parent)?.has("object") === true;
  });
}
