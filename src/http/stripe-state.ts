import { stripeApiVersion } from "../stripe/client.ts";
import type { KeyOrigin, StripeAccountRow } from "../core/stripe-account.ts";
import { isPublicAddress } from "../core/stripe-key.ts";
import { describeAccount } from "../stripe/endpoint.ts";
import type { StripeState } from "../../web/pages/stripe-account.tsx";
import type { Deps } from "./deps.ts";

type Needs = Pick<Deps, "mode" | "baseUrl" | "findAccount"> & { keys: Pick<Deps["keys"], "fromSettings"> };

/** How an account stands. Stripe is asked; that it cannot be is a part of the answer. */
export async function readStripeState(deps: Needs, row: StripeAccountRow): Promise<StripeState> {
  const { secretKeys, webhookSecrets } = deps.keys.fromSettings(row.slug, row.isFirst);
  const key = originOf(deps, row, "secret key", secretKeys);
  const door = doorOf(deps, row);
  const account = key === null ? null : await deps.findAccount(row.slug);
  const endpointId = row.keys.find(({ kind }) => kind === "webhook secret")?.endpointId ?? null;
  return {
    row,
    key,
    secret: originOf(deps, row, "webhook secret", webhookSecrets),
    atStripe: account === null ? null : await describeAccount(account.stripe, { url: door, endpointId }),
    door,
    isReachable: isReachable(deps),
    apiVersion: stripeApiVersion,
  };
}

/** The address of an account's door. */
export function doorOf({ baseUrl }: Pick<Deps, "baseUrl">, { slug }: Pick<StripeAccountRow, "slug">): string {
  return `${baseUrl}/webhooks/stripe/${slug}`;
}

/** Whether what posts to an account's door can reach it. */
export function isReachable({ mode, baseUrl }: Pick<Deps, "mode" | "baseUrl">): boolean {
  return mode === "sandbox" || isPublicAddress(baseUrl);
}

function originOf(
  { mode }: Pick<Deps, "mode">,
  { keys }: StripeAccountRow,
  kind: "secret key" | "webhook secret",
  configured: readonly string[],
): KeyOrigin {
  if (configured.length > 0) return { from: "settings" };
  const kept = keys.find((key) => key.kind === kind && key.until === null);
  if (kept !== undefined) return { from: "database", lastFour: kept.lastFour, since: kept.since };
  return mode === "sandbox" ? { from: "sandbox" } : null;
}
