import { z } from "zod";
import { badRequest } from "./error.ts";
import type { Refusal } from "./error.ts";
import type { Form } from "./form.ts";

/** The greatest amount Stripe takes in one payment: eight digits of the minor unit. */
export const amountMax = 99_999_999;

/** A whole number as a form writes it. */
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/u, "Invalid integer")
  .transform(Number);

/** Minor units, 0 or more. */
export const amount = integer.refine(
  (value) => value >= 0 && value <= amountMax,
  "This value must be between 0 and 99999999",
);

export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

export const text = (max: number) => z.string().max(max, `Invalid string: must be at most ${max} characters`);

/** Up to 50 pairs, names up to 40 and values up to 500 characters. https://docs.stripe.com/metadata#data */
export const metadata = z.union([
  z.literal("").transform((): Record<string, string> => ({})),
  z.record(text(40), text(500)).refine((pairs) => Object.keys(pairs).length <= 50, "Metadata can have at most 50 keys"),
]);

/** Metadata after an update: what is set to nothing goes, the rest stays. https://docs.stripe.com/metadata */
export function mergedMetadata(known: Record<string, string>, given: Record<string, string>): Record<string, string> {
  if (Object.keys(given).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...known, ...given }).filter(([, value]) => value !== ""));
}

export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/u, "Invalid currency")
  .transform((value) => value.toLowerCase());

/** Absolute, and of the web. */
export const address = z
  .string()
  .max(5000)
  .refine((value) => {
    const url = URL.parse(value.replace("{CHECKOUT_SESSION_ID}", "id"));
    return url !== null && (url.protocol === "https:" || url.protocol === "http:");
  }, "Not a valid URL");

export const expand = z.array(z.string().max(200)).max(20);

export const range = z.union([
  integer.transform((value) => ({ gte: value, lte: value })),
  z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial(),
]);

/** What every list takes. */
export const page = {
  limit: integer.refine((value) => value >= 1 && value <= 100, "This value must be between 1 and 100").optional(),
  starting_after: text(255).optional(),
  ending_before: text(255).optional(),
  expand: expand.optional(),
};

/**
 * Checks a request's parameters against what its endpoint takes.
 * @throws Refusal with Stripe's code for the first thing wrong: `parameter_unknown`, `parameter_missing`, or `parameter_invalid`.
 */
export function readParameters<Schema extends z.ZodType>(schema: Schema, form: Form): z.output<Schema> {
  const result = schema.safeParse(form, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue === undefined ? badRequest({ message: "Invalid parameters." }) : refusal(issue);
}

function refusal(issue: z.core.$ZodIssue): Refusal {
  // A union's own words ("invalid input") say less than those of the member that came nearest.
  if (issue.code === "invalid_union") {
    const nearest = issue.errors.at(-1)?.[0];
    if (nearest !== undefined) return refusal({ ...nearest, path: [...issue.path, ...nearest.path] });
  }
  if (issue.code === "unrecognized_keys") {
    const param = name([...issue.path, issue.keys[0] ?? ""]);
    if (param === "payment_method_types") return methodTypesAreGone(param);
    return badRequest({ code: "parameter_unknown", message: `Received unknown parameter: ${param}`, param });
  }
  const param = name(issue.path);
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return badRequest({ code: "parameter_missing", message: `Missing required param: ${param}.`, param });
  }
  return badRequest({ code: "parameter_invalid", message: `Invalid ${param}: ${issue.message}`, param });
}

/** Since 2026-09-30 it is refused by a code of its own. */
function methodTypesAreGone(param: string): Refusal {
  const message = "`payment_method_types` is no longer supported. Use `allowed_payment_method_types` instead.";
  return badRequest({ code: "payment_method_types_no_longer_supported", message, param });
}

function name([first = "", ...rest]: readonly PropertyKey[]): string {
  return String(first) + rest.map((part) => `[${String(part)}]`).join("");
}
