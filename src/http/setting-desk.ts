import type { Context } from "hono";
import type { Fields } from "../core/give.ts";
import type { Staff } from "../core/role.ts";
import type { FormErrors } from "../core/setting-form.ts";
import { settingsFor, type SettingKind, type Settings } from "../core/setting.ts";
import { readSettings, type Written } from "../db/setting.ts";
import { settingWords as words } from "../../web/locales/en/settings.ts";
import type { Frame } from "../../web/parts/frame.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import type { Frames } from "./frame.ts";

/** What every page of settings begins with. */
export type Desk = { staff: Staff; settings: Settings; frame: Frame; notice: string | null };

export async function openDesk(c: Context<Env>, deps: Deps, frames: Frames): Promise<Desk> {
  const [settings, frame] = await Promise.all([readSettings(deps.sql), frames.read(c)]);
  return { staff: c.get("staff"), settings, frame, notice: words.done[c.req.query("done") ?? ""] ?? null };
}

/**
 * The setting that an address or a form names, if this person may change it; of others nobody can tell whether they are.
 * @throws Refused when there is none
 */
export function changeableSetting<Kind extends SettingKind>(
  { staff, settings }: Pick<Desk, "staff" | "settings">,
  kind: Kind,
  named: string | bigint,
): Settings[Kind][number] {
  const list: Settings[Kind][number][] = settingsFor(staff, settings, kind);
  const found = list.find(({ id, subject }) => (typeof named === "bigint" ? id === named : subject === named));
  if (found === undefined) throw new Refused("not found");
  return found;
}

/** Back to a page, which then says in one calm sentence what was done. */
export function backTo(c: Context<Env>, path: string, done: string): Response {
  return c.redirect(`${path}?done=${done}`, 303);
}

/** What stands beside each field: its label and what is wrong with it. */
export function inWords(errors: FormErrors, labels: Readonly<Record<string, string>>): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([field, message]) => {
      const label = labels[field] ?? labels[field.replace(/\.\d+\./u, ".")] ?? labels["form"] ?? "";
      return [field in labels || field.includes(".") ? field : "form", words.wrong(label, message)];
    }),
  );
}

/**
 * A mark of what a form shows, which the form brings back: another one means that somebody changed it meanwhile. What has a
 * form or a button of its own, such as its place and its picture, does not count, nor what is sold away.
 */
export async function markOf(...states: readonly object[]): Promise<string> {
  const counted = JSON.stringify(states, (name, value: unknown) => (uncounted.has(name) ? undefined : value));
  const bits = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(counted));
  return Buffer.from(bits).toString("base64url").slice(0, 22);
}

const uncounted = new Set(["position", "picture", "archivedOn", "stock"]);

/**
 * What to say to whoever saves a form that somebody else saved meanwhile: what stands there now. Nothing of theirs is lost:
 * what was typed is shown again, and saving once more takes it.
 * @param now the values that the form would have if it were opened now
 */
export async function changedMeanwhile(
  fields: Fields,
  mark: string,
  now: Fields,
  labels: Readonly<Record<string, string>>,
): Promise<FormErrors> {
  const { opened } = fields;
  if (opened === undefined || opened === mark) return {};
  const others = Object.entries(now)
    .filter(([name, value]) => name in labels && value !== (fields[name] ?? "").replace(/\r\n/gu, "\n"))
    .map(([name, value]) => words.nowSays(labels[name] ?? name, value.slice(0, 200)));
  return { form: words.changedMeanwhile(others) };
}

/** The database's refusal as an error of the whole form; none when it was written. */
export function refusedErrors(written: Written): FormErrors {
  return written.ok ? {} : { form: words.refused(written.refusal) };
}

/** An amount as it is typed into a form: `25`, `25.50`; "" for none. */
export function typedAmount(minor: number | null, exponent: number): string {
  if (minor === null) return "";
  const text = String(minor).padStart(exponent + 1, "0");
  const [whole, part] = [text.slice(0, text.length - exponent), text.slice(text.length - exponent)];
  return /^0*$/u.test(part) ? whole : `${whole}.${part}`;
}

/** Tells the drain, when there is one, that payments may have to be sorted anew. */
export function sortAnew(deps: Deps): void {
  deps.onStored?.();
}

/** The currency of a fund, and so of what is sold for it. */
export function currencyOfFund({ fund }: Settings, slug: string): string {
  return fund.find(({ subject }) => subject === slug)?.state.currency ?? "CAD";
}
