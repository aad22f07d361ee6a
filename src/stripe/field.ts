import { normaliseEmail } from "../core/identity.ts";
import { storable } from "../core/event.ts";
import type { Details, Metadata } from "../core/fact.ts";

/** Where a fact comes from: our account, and when Stripe was asked for it (null when an event brought it). */
export type Origin = { accountId: string; fetchedAt: string | null };

/** What Stripe sent cannot be read as a fact; the message names the place in the body and what should stand there. */
export class TranslateError extends Error {
  override name = "TranslateError";
}

// Stripe's own limits are 500 characters for a metadata value and 40 for its key; a donor's name has none.
const textMax = 500;
const idMax = 255;
const nameMax = 200;
const metadataKeysMax = 50;

/**
 * The fields of one Stripe object, read with care: what is optional and missing or of another type is null, what is
 * essential and wrong throws a TranslateError that names its path. Text comes out fit for the database and cut to length.
 */
export class Fields {
  readonly path: string;
  readonly #object: Record<string, unknown>;

  /** @throws TranslateError when `value` is no object. */
  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw new TranslateError(`${path} must be an object`);
    this.path = path;
    this.#object = value;
  }

  /** The field as it is. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  /** Essential text, at most 500 characters. */
  text(name: string): string {
    return this.optionalText(name) ?? this.#wrong(name, "text");
  }

  /** Text cut to `max` characters; null when it is missing, empty or no text. */
  optionalText(name: string, max: number = textMax): string | null {
    const value = this.raw(name);
    return typeof value === "string" && value !== "" ? cut(storable(value), max) : null;
  }

  /** The essential id of this object itself. */
  id(): string {
    const id = this.reference("id");
    return id ?? this.#wrong("id", "an id");
  }

  /** The id of another object, given as text or as the expanded object; null when there is none. */
  reference(name: string): string | null {
    const value = this.raw(name);
    const id = isObject(value) ? value.id : value;
    if (typeof id !== "string" || id === "") return null;
    if (id.length > idMax)
      throw new TranslateError(`${this.path}.${name} must be an id of at most ${idMax} characters`);
    return storable(id);
  }

  /** An essential amount in minor units, as a decimal string. A number too large to be exact is refused. */
  minor(name: string): string {
    return this.optionalMinor(name) ?? this.#wrong(name, "a whole number of minor units");
  }

  /** An amount in minor units as a decimal string, or null. A number too large to be exact is refused all the same. */
  optionalMinor(name: string): string | null {
    const value = this.raw(name);
    if (typeof value !== "number") return null;
    return Number.isSafeInteger(value) ? String(value) : this.#wrong(name, "a whole number of minor units");
  }

  /** An essential yes or no. */
  flag(name: string): boolean {
    const value = this.raw(name);
    return typeof value === "boolean" ? value : this.#wrong(name, "true or false");
  }

  /** A count such as of tries, or null. */
  optionalCount(name: string): number | null {
    const value = this.raw(name);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
  }

  /** An essential time, which Stripe writes in seconds, as ISO 8601. */
  time(name: string): string {
    return this.optionalTime(name) ?? this.#wrong(name, "a time in seconds since 1970");
  }

  /** A time as ISO 8601, or null. */
  optionalTime(name: string): string | null {
    const value = this.raw(name);
    // 253402300799 is the last second of the year 9999, after which ISO 8601 needs another form.
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 253402300799) return null;
    return new Date(value * 1000).toISOString();
  }

  /** An essential currency, which Stripe writes in lower case, as ISO 4217. */
  currency(name: string): string {
    return this.optionalCurrency(name) ?? this.#wrong(name, "a currency of three letters");
  }

  /** A currency as ISO 4217, or null. */
  optionalCurrency(name: string): string | null {
    const value = this.raw(name);
    return typeof value === "string" && /^[a-z]{3}$/iu.test(value) ? value.toUpperCase() : null;
  }

  /** A part that is an object of its own, or null. */
  part(name: string): Fields | null {
    const value = this.raw(name);
    return isObject(value) ? new Fields(value, `${this.path}.${name}`) : null;
  }

  /** The objects of a plain list, or of a page that Stripe included (`{ data: [...] }`); none when there is no list. */
  list(name: string): Fields[] {
    const value = this.raw(name);
    const items: unknown = isObject(value) ? value.data : value;
    if (!Array.isArray(items)) return [];
    const path = `${this.path}.${name}${isObject(value) ? ".data" : ""}`;
    return items.map((item: unknown, index) => new Fields(item, `${path}[${index}]`));
  }

  /** Metadata, each value at most 500 characters; null when Stripe did not say. What is no text is left out. */
  metadata(name = "metadata"): Metadata | null {
    const value = this.raw(name);
    if (!isObject(value)) return null;
    const entries = Object.entries(value).slice(0, metadataKeysMax);
    return Object.fromEntries(
      entries.flatMap(([key, text]) =>
        typeof text === "string" ? [[cut(storable(key), textMax), cut(storable(text), textMax)]] : [],
      ),
    );
  }

  /** An e-mail address in the form by which people are told apart, or null. */
  email(name: string): string | null {
    const value = this.raw(name);
    return normaliseEmail(typeof value === "string" ? storable(value) : null);
  }

  /** Who paid: a normalised e-mail and a name of at most 200 characters; null when neither is known. */
  details(): Details | null {
    const email = this.email("email");
    const name = this.optionalText("name", nameMax)?.trim() ?? "";
    return email === null && name === "" ? null : { email, name: name === "" ? null : name };
  }

  #wrong(name: string, what: string): never {
    throw new TranslateError(`${this.path}.${name} must be ${what}`);
  }
}

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first `max` characters; a character outside the basic plane counts as one and is never halved. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return Array.from(text.slice(0, max * 2))
    .slice(0, max)
    .join("");
}
