import type Stripe from "stripe";
import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isCard, isDebit } from "./card.ts";
import { setCard } from "./deeds.ts";
import { idOf } from "./entry.ts";
import { parseForm } from "./form.ts";
import type { Form } from "./form.ts";
import { NoticePage } from "./hosted-page.tsx";
import { listed } from "./list.ts";
import { PortalPage } from "./portal-page.tsx";
import type { Owned } from "./portal-page.tsx";
import { need, readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Store } from "./store.ts";
import { changeSubscription } from "./subscription-update.ts";

type Needs = {
  store: Store;
  accountName: (slug: string) => Promise<string | null>;
  scope: (account: string) => Scope;
};

const bodyBytesMax = 64 * 1024;

/** Where Stripe's customer portal would be: a person ends a subscription or gives it another card. Plain forms, no script. */
export function portalRoutes({ store, accountName, scope: scopeOf }: Needs): Hono {
  const app = new Hono();

  async function open(c: Context): Promise<{ scope: Scope; session: Stripe.BillingPortal.Session } | Response> {
    c.header("cache-control", "no-store");
    const id = c.req.param("session") ?? "";
    const account = await store.owner(id);
    const scope = account === null ? null : scopeOf(account);
    const [session] = scope === null ? [] : await readAll(scope, [id]);
    if (scope !== null && session?.object === "billing_portal.session") return { scope, session };
    return c.html(<NoticePage title="There is no such page" text="The address may be incomplete." link={null} />, 404);
  }

  app.get("/sandbox/portal/:session", async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    const { scope, session } = opened;
    const owned = await ownedBy(scope, session.customer);
    const payee = (await accountName(scope.account)) ?? scope.account;
    return await c.html(<PortalPage payee={payee} owned={owned} returnUrl={session.return_url} />);
  });

  app.post("/sandbox/portal/:session", bodyLimit({ maxSize: bodyBytesMax }), async (c) => {
    const opened = await open(c);
    if (opened instanceof Response) return opened;
    await act(opened.scope, opened.session.customer, parseForm(await c.req.text()));
    return c.redirect(c.req.path, 303);
  });

  return app;
}

/** Does what a form says, to a subscription of this customer only. What makes no sense changes nothing. */
async function act(scope: Scope, customer: string, form: Form): Promise<void> {
  const id = typeof form.subscription === "string" ? form.subscription : "";
  const subscription = await need(scope, "subscription", id, "subscription");
  if (idOf(subscription.customer) !== customer || subscription.status === "canceled") return;
  if (form.do === "cancel") await changeSubscription(scope, id, { cancel_at_period_end: true });
  if (form.do === "keep") await changeSubscription(scope, id, { cancel_at_period_end: false });
  if (form.do === "card" && typeof form.card === "string" && isCard(form.card) && !isDebit(form.card))
    await setCard(scope, id, form.card);
}

async function ownedBy(scope: Scope, customer: string): Promise<Owned[]> {
  const query = { kind: "subscription", filters: { customer }, limit: 100 } as const;
  const { data } = await listed(scope, "/v1/subscriptions", query);
  const found = await readAll(
    scope,
    data.map(({ id }) => id),
  );
  const subscriptions = found.filter((object) => object.object === "subscription");
  const products = subscriptions.flatMap(({ items }) => idOf(items.data[0]?.price.product) ?? []);
  const names = new Map(
    (await readAll(scope, products)).flatMap((object) =>
      object.object === "product" ? [[object.id, object.name] as const] : [],
    ),
  );
  return subscriptions.map((subscription) => ({
    subscription,
    name: names.get(idOf(subscription.items.data[0]?.price.product) ?? "") ?? "Subscription",
    card: subscription.hidden?.payer.card ?? null,
  }));
}
