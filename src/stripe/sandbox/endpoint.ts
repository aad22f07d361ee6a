import { z } from "zod";
import { listed } from "./list.ts";
import type { ListRequest } from "./list.ts";
import { expand, page, range, text } from "./parameter.ts";
import { isDeleted, need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kind } from "./store.ts";

/** One address of the API: what it takes, and what it does. `id` is the path's own, "" where it has none. */
export type Endpoint = {
  method: "GET" | "POST" | "DELETE";
  path: string;
  schema: z.ZodType;
  run(scope: Scope, parameters: unknown, id: string): Promise<object>;
};

/** An address that changes something. */
export function action<Shape extends z.ZodRawShape>(
  path: string,
  shape: Shape,
  run: (scope: Scope, parameters: z.output<z.ZodObject<Shape>>, id: string) => Promise<object>,
): Endpoint {
  const schema = z.strictObject({ ...shape, expand: expand.optional() });
  return { method: "POST", path, schema, run };
}

/** An address that ends something. */
export function deletion<Shape extends z.ZodRawShape>(
  path: string,
  shape: Shape,
  run: (scope: Scope, parameters: z.output<z.ZodObject<Shape>>, id: string) => Promise<object>,
): Endpoint {
  return { ...action(path, shape, run), method: "DELETE" };
}

/** `GET path/:id` */
export function retrieval(kind: Kind, path: string): Endpoint {
  const schema = z.strictObject({ expand: expand.optional() });
  return { method: "GET", path: `${path}/:id`, schema, run: (scope, _, id) => need(scope, kind, id) };
}

/** `GET path/:id` of a kind that is still told of, as deleted, once it is. */
export function retrievalEvenDeleted(kind: Kind, path: string): Endpoint {
  const run: Endpoint["run"] = async (scope, _, id) => {
    const [found] = await scope.store.find(scope.account, [id]);
    return found !== undefined && found.object === kind && isDeleted(found) ? found : await need(scope, kind, id);
  };
  return { ...retrieval(kind, path), run };
}

const listShape = { ...page, created: range.optional() };
type ListParameters = z.output<z.ZodObject<typeof listShape>>;
type Filters = NonNullable<ListRequest["filters"]>;

/** Filters by plain text, each named as one of the kind's keys. */
export function filters<Name extends string>(...names: Name[]): Record<Name, z.ZodOptional<z.ZodString>> {
  return Object.fromEntries(names.map((name) => [name, text(255).optional()])) as Record<
    Name,
    z.ZodOptional<z.ZodString>
  >;
}

/** `GET path`; `ask` says what the list's own parameters mean, unless all of them are filters. */
export function listing<Shape extends z.ZodRawShape>(
  kind: Kind,
  path: string,
  shape: Shape,
  ask: (parameters: z.output<z.ZodObject<Shape>>) => Partial<ListRequest> = (parameters) => ({
    filters: parameters as Filters,
  }),
): Endpoint {
  return {
    method: "GET",
    path,
    schema: z.strictObject({ ...listShape, ...shape }),
    async run(scope, parameters) {
      const { expand: _, limit, starting_after, ending_before, created, ...own } = parameters as ListParameters;
      const asked = ask(own as z.output<z.ZodObject<Shape>>);
      return listed(scope, path, { kind, limit, starting_after, ending_before, created, ...asked });
    },
  };
}
