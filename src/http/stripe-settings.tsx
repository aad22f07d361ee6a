import { Hono, type Context } from "hono";
import { may } from "../core/role.ts";
import { isWebhookSecret, type TriedKey } from "../core/stripe-key.ts";
import type { StripeAccountRow } from "../core/stripe-account.ts";
import { revokeAccountKeys } from "../db/account-key.ts";
import { listStripeAccounts } from "../db/stripe-account.ts";
import { tryKey } from "../stripe/permission.ts";
import { stripeWords as words } from "../../web/locales/en/stripe-settings.ts";
import { StripeAccountPage, type StripeForm } from "../../web/pages/stripe-account.tsx";
import { StripeAccountsPage } from "../../web/pages/stripe-accounts.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { keepTried, keepSecret, keepWithNewEndpoint, type Kept } from "./keep-key.ts";
import { modeOfKey, sealTried } from "./tried-key.ts";
import { readStripeState } from "./stripe-state.ts";

const path = "/desk/settings/stripe";
const emptyForm: StripeForm = { errors: {}, tried: null, done: null };

/** `/desk/settings/stripe[/:account]`: connecting Stripe accounts. A key is tried first, and kept once that is confirmed. */
export function stripeSettingsRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use(`${path}/*`, neverKept, guard(deps, "change settings"));

  app.get(path, async (c) => {
    const [frame, accounts] = await Promise.all([frames.read(c), ownAccounts(c, deps)]);
    const shown = accounts.map((row) => ({ row, isConnected: isConnected(deps, row) }));
    return await c.html(<StripeAccountsPage frame={frame} mode={deps.mode} accounts={shown} />);
  });

  app.get(`${path}/:account`, async (c) => {
    const done = words.done[c.req.query("done") ?? ""] ?? null;
    return await show(c, await accountOf(c, deps), { ...emptyForm, done });
  });

  app.post(`${path}/:account/try`, async (c) => {
    const row = await accountOf(c, deps);
    const key = ((await readFields(c))["key"] ?? "").trim();
    const refusal = await modeOfKey(deps, key);
    if (!refusal.ok) return await refuse(c, row, { key: refusal.words });
    const tried = await tryKey(deps.keys.connect(key));
    if (tried.outcome !== "tried") return await refuse(c, row, { key: wordsOf(tried) });
    const sealed = await sealTried(deps, row, { key, stripeAccountId: tried.stripeAccountId });
    const switchesTo = refusal.mode === deps.mode ? null : refusal.mode;
    return await show(c, row, { ...emptyForm, tried: { ...tried, sealed, switchesTo, lastFour: key.slice(-4) } });
  });

  app.post(`${path}/:account/keep`, async (c) => {
    const row = await accountOf(c, deps);
    return await answer(c, row, await keepTried(deps, c.get("staff"), row, await readFields(c)), "kept", "key");
  });

  app.post(`${path}/:account/secret`, async (c) => {
    const row = await accountOf(c, deps);
    const secret = ((await readFields(c))["secret"] ?? "").trim();
    if (!isWebhookSecret(secret)) return await refuse(c, row, { secret: words.errors.notASecret });
    return await answer(c, row, await keepSecret(deps, c.get("staff"), row, secret), "secret", "secret");
  });

  app.post(`${path}/:account/endpoint`, async (c) => {
    const row = await accountOf(c, deps);
    return await answer(c, row, await keepWithNewEndpoint(deps, c.get("staff"), row), "endpoint", "endpoint");
  });

  app.post(`${path}/:account/forget`, async (c) => {
    const row = await accountOf(c, deps);
    await revokeAccountKeys(deps.sql, c.get("staff"), row.id, "secret key");
    return c.redirect(`${path}/${row.slug}?done=forgotten`, 303);
  });

  // Where a reload of a form shown again leads.
  app.get(`${path}/:account/:deed`, async (c) => c.redirect(`${path}/${(await accountOf(c, deps)).slug}`, 303));

  async function show(c: Context<Env>, row: StripeAccountRow, form: StripeForm): Promise<Response> {
    const [frame, state] = await Promise.all([frames.read(c), readStripeState(deps, row)]);
    return await c.html(<StripeAccountPage frame={frame} mode={deps.mode} state={state} form={form} />);
  }

  async function refuse(c: Context<Env>, row: StripeAccountRow, errors: StripeForm["errors"]): Promise<Response> {
    c.status(422);
    return await show(c, row, { ...emptyForm, errors });
  }

  async function answer(
    c: Context<Env>,
    row: StripeAccountRow,
    kept: Kept,
    done: string,
    field: keyof StripeForm["errors"],
  ): Promise<Response> {
    if (!kept.ok) return await refuse(c, row, { [field]: kept.words });
    return c.redirect(`${path}/${row.slug}?done=${done}`, 303);
  }

  return app;
}

function wordsOf(tried: Exclude<TriedKey, { outcome: "tried" }>): string {
  return tried.outcome === "refused" ? words.errors.refused(tried.words) : words.errors.away(tried.words);
}

/** Whether gifts can be taken through this account now. */
function isConnected({ mode, keys }: Deps, row: StripeAccountRow): boolean {
  return (
    mode === "sandbox" ||
    keys.fromSettings(row.slug, row.isFirst).secretKeys.length > 0 ||
    row.keys.some(({ kind, until }) => kind === "secret key" && until === null)
  );
}

async function ownAccounts(c: Context<Env>, { sql }: Deps): Promise<StripeAccountRow[]> {
  const rows = await listStripeAccounts(sql);
  return rows.filter(({ organisationId }) => may(c.get("staff"), "change settings", { organisationId }));
}

/** @throws Refused for one that there is not, or that is not this person's to change */
async function accountOf(c: Context<Env>, deps: Deps): Promise<StripeAccountRow> {
  const row = (await ownAccounts(c, deps)).find(({ slug }) => slug === c.req.param("account"));
  if (row === undefined) throw new Refused("not found");
  return row;
}
