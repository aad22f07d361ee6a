import type { KeyOrigin } from "../../src/core/stripe-account.ts";
import type { AccountAtStripe } from "../../src/core/stripe-key.ts";
import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import type { Mode, StripeState } from "../pages/stripe-account.tsx";
import { momentInWords } from "./when.ts";

/** A line of how an account stands: for the page and for the terminal alike. */
export type StripeLine = { label: string; text: string };

/** How an account stands, line by line. */
export function stripeLines(mode: Mode, state: StripeState, timeZone: string): StripeLine[] {
  const { row, key, secret, atStripe } = state;
  const { state: labels } = words;
  const when = (moment: Date | null): string => (moment === null ? words.never : momentInWords(moment, timeZone));
  const told = (text: (at: AccountAtStripe) => string | null): string => {
    if (key === null) return words.noKey;
    return atStripe === null ? words.asked : (text(atStripe) ?? words.notTold);
  };
  return [
    { label: labels.mode, text: words.modes[mode] },
    { label: labels.account, text: told(({ name, id }) => accountText(name, id ?? row.stripeAccountId)) },
    { label: labels.key, text: originText(key, timeZone) },
    { label: labels.secret, text: originText(secret, timeZone) },
    { label: labels.endpoint, text: told(({ endpoint }) => endpointText(endpoint)) },
    { label: labels.version, text: told(({ endpoint }) => versionText(endpoint, state.apiVersion, mode)) },
    { label: labels.lastEvent, text: when(row.lastEventAt) },
    { label: labels.lastSweep, text: when(row.sweptTo) },
    {
      label: labels.payouts,
      text: told(({ payoutInterval }) =>
        payoutInterval === null ? null : (words.payouts[payoutInterval] ?? payoutInterval),
      ),
    },
  ];
}

/** What somebody should know or do about an account, each in a sentence or two. */
export function stripeWarnings(mode: Mode, { atStripe, key, secret, isReachable, door }: StripeState): string[] {
  const warnings: string[] = [];
  if (key !== null && secret === null) {
    warnings.push(isReachable ? words.polled : words.notPublic(new URL(door).origin));
  }
  // In the sandbox nobody pays out to a bank.
  if (atStripe?.payoutInterval === "manual" && mode !== "sandbox") warnings.push(words.manualPayouts);
  if (atStripe?.paysOutInstantly === true) warnings.push(words.instantPayouts);
  return warnings;
}

function accountText(name: string | null, id: string | null): string | null {
  const parts = [name, id].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

function originText(origin: KeyOrigin, timeZone: string): string {
  switch (origin?.from) {
    case "settings":
      return words.fromSettings;
    case "database":
      return words.keyOf(origin.lastFour, momentInWords(origin.since, timeZone));
    case "sandbox":
      return words.fromSandbox;
    default:
      return words.noKey;
  }
}

function endpointText(endpoint: AccountAtStripe["endpoint"]): string | null {
  if (endpoint === null) return null;
  if (endpoint === "none") return words.noEndpoint;
  if (!endpoint.isEnabled) return words.endpointOff(endpoint.url);
  const missing = endpoint.missingTypes.length === 0 ? "" : `. ${words.missingTypes(endpoint.missingTypes)}`;
  return `${words.endpointOn(endpoint.url)}${missing}`;
}

function versionText(endpoint: AccountAtStripe["endpoint"], ours: string, mode: Mode): string | null {
  if (endpoint === null) return null;
  if (endpoint === "none" || endpoint.apiVersion === ours) return words.versionSame(ours);
  // The sandbox's own first endpoint says none, and writes ours.
  if (endpoint.apiVersion === null) return mode === "sandbox" ? words.versionSame(ours) : words.versionOfAccount(ours);
  return words.versionOther(endpoint.apiVersion, ours);
}
