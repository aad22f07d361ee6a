import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAccountKeys } from "../../src/db/account-key.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { signIn } from "../staff.ts";
import { startSandbox } from "../stripe/sandbox/fake.ts";
import { render, text, texts } from "../web/render.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

const address = "/desk/settings/stripe/main";
const canary = "rk_test_sandbox_main__no_canary_0123456789_read";

async function get(service: Service, path: string) {
  const answer = await service.app.request(`${baseUrl}${path}`, { headers: service.admin.headers });
  return { status: answer.status, html: await answer.text() };
}

async function post(service: Service, deed: string, fields: Record<string, string>, headers = service.admin.headers) {
  const answer = await service.app.request(`${baseUrl}${address}/${deed}`, form(fields, headers));
  return { status: answer.status, location: answer.headers.get("location"), html: await answer.text() };
}

/** What the page of a tried key sends when its button is pressed. */
async function hidden(html: string): Promise<Record<string, string>> {
  const document = await render(html);
  const fields = document.querySelectorAll<HTMLInputElement>('form[action$="/keep"] input[type="hidden"]');
  return Object.fromEntries([...fields].map(({ name, value }) => [name, value]));
}

describe("in the sandbox", () => {
  let service: Service;
  beforeAll(async () => {
    service = await openService();
  });
  afterAll(async () => await service.close());
  const keys = async () => await listAccountKeys(service.database.sql, "main");

  test("the accounts are listed with what they are; the account's page says how it stands", async () => {
    const list = await render((await get(service, "/desk/settings/stripe")).html);
    expect(text(list, "main")).toContain("House");
    expect(text(list, "main")).toContain("Connected");
    const page = await render((await get(service, address)).html);
    expect(text(page, "h1")).toBe("Stripe for House");
    const facts = texts(page, ".facts div").join("\n");
    expect(facts).toContain("House, acct_sandboxmain");
    expect(facts).toContain("made by the sandbox");
    expect(facts).toContain("/webhooks/stripe/main, enabled");
    expect(facts).toMatch(/Payouts\s*by hand/u);
  });

  test.each([
    ["nothing", "", "Paste a key."],
    ["a publishable key", "pk_test_1234", "publishable"],
    ["a webhook secret", "whsec_1234", "belongs into the field"],
    ["something else", "<script>alert(1)</script>", "no secret key of Stripe"],
    [
      "a key that Stripe does not know",
      "rk_test_sandbox_other",
      "Stripe does not take this key. It says: Invalid API Key",
    ],
  ])("%s is refused beside the field, and not shown again", async (_claim, key, words) => {
    const { status, html } = await post(service, "try", { key });
    expect(status).toBe(422);
    const page = await render(html);
    expect(text(page, "#key-error")).toContain(words);
    expect(page.querySelector<HTMLInputElement>("#key")?.value).toBe("");
    expect(page.querySelector(".error-summary a")?.getAttribute("href")).toBe("#key");
    expect(await keys()).toEqual([]);
  });

  test("a key with a missing permission is told so in Stripe's words, with a link; nothing is kept unless confirmed", async () => {
    const { status, html } = await post(service, "try", { key: "rk_test_sandbox_main__no_event_read" });
    expect(status).toBe(200);
    const page = await render(html);
    const main = text(page, "main");
    expect(main).toContain("One permission is missing");
    expect(main).toContain("Having the 'rak_event_read' permission would allow this request to continue.");
    expect(texts(page, "tbody tr:first-child th")).toEqual(["Events: read"]);
    expect(page.querySelector('a[href^="https://dashboard.stripe.com/"]')).not.toBeNull();
    expect(await keys()).toEqual([]);
  });

  test("a key that may do everything is kept once confirmed, with an endpoint made by it, and is never shown again", async () => {
    const { html } = await post(service, "try", { key: canary });
    expect(html).not.toContain("canary");
    expect(text(await render(html), "main")).toContain("Everything that Almonry asks of Stripe is allowed.");
    const fields = await hidden(html);
    const kept = await post(service, "keep", fields);
    expect([kept.status, kept.location]).toEqual([303, `${address}?done=kept`]);
    expect((await keys()).map(({ kind, lastFour }) => [kind, lastFour]).at(-1)).toEqual(["secret key", "read"]);
    const stripe = stripeClient({ key: service.sandbox.key("main"), fetch: service.sandbox.fetch });
    const made = (await stripe.webhookEndpoints.list()).data.filter(
      ({ metadata }) => metadata["almonry"] !== undefined,
    );
    expect(made.map(({ url }) => url)).toEqual([`${baseUrl}/webhooks/stripe/main`]);
    expect((await keys()).find(({ kind }) => kind === "webhook secret")?.endpointId).toBe(made[0]?.id);
    const page = await get(service, `${address}?done=kept`);
    expect(page.html).not.toContain("canary");
    expect(text(await render(page.html), ".notice[role=status]")).toContain("The key is kept.");
    expect(JSON.stringify(service.logged)).not.toContain("canary");
    const dump = await service.database.sql`select k::text as row from account_key k`;
    expect(JSON.stringify(dump)).not.toContain("canary");
  });

  test("a confirmation that was altered, or is of another account, keeps nothing", async () => {
    const { html } = await post(service, "try", { key: "rk_test_sandbox_main" });
    const fields = await hidden(html);
    const before = await keys();
    const altered = await post(service, "keep", { ...fields, ciphertext: fields["iv"] ?? "" });
    expect([altered.status, (await keys()).length]).toEqual([422, before.length]);
    expect(altered.html).toContain("Paste it again.");
  });

  test("a signing secret is taken by hand, of the right form only; the events to choose are listed", async () => {
    expect((await post(service, "secret", { secret: "sk_test_1" })).html).toContain("no signing secret");
    expect((await post(service, "secret", { secret: "whsec_byhand1234" })).location).toBe(`${address}?done=secret`);
    expect((await keys())[0]).toMatchObject({ kind: "webhook secret", lastFour: "1234", endpointId: null });
    const page = await render((await get(service, address)).html);
    expect(page.querySelector("#events")?.textContent.split("\n")).toContain("charge.dispute.closed");
  });

  test("a new endpoint takes the place of the one we made before", async () => {
    expect((await post(service, "endpoint", {})).location).toBe(`${address}?done=endpoint`);
    const stripe = stripeClient({ key: service.sandbox.key("main"), fetch: service.sandbox.fetch });
    const made = (await stripe.webhookEndpoints.list()).data.filter(
      ({ metadata }) => metadata["almonry"] !== undefined,
    );
    expect(made).toHaveLength(1);
  });

  test("a key is forgotten at once", async () => {
    expect((await post(service, "forget", {})).location).toBe(`${address}?done=forgotten`);
    expect((await keys()).some(({ kind }) => kind === "secret key")).toBe(false);
  });

  test("an account of another organisation is as unknown as one that is not there", async () => {
    await service.database.sql`
      insert into organisation (slug, name, legal_name, address, contact) values ('other', 'Other', 'O', 'O', 'O')`;
    const other = await signIn(service.database.sql, [{ role: "admin", organisationId: 2n }]);
    expect((await post(service, "try", { key: "rk_test_sandbox_main" }, other.headers)).status).toBe(404);
    const treasurer = await signIn(service.database.sql, "treasurer");
    expect((await post(service, "forget", {}, treasurer.headers)).status).toBe(403);
  });

  test("a key of Stripe's own is refused in one line once something was paid in the sandbox", async () => {
    await service.database.sql`insert into database_mode (mode) values ('sandbox')`;
    const { html } = await post(service, "try", { key: "rk_live_0123456789" });
    expect(text(await render(html), "#key-error")).toBe(
      "This database holds sandbox payments and stays so, and this is a live key: go live makes another database.",
    );
  });
});

describe("in Stripe's test mode", () => {
  let service: Service;
  const stripe = startSandbox(memoryStore(), { settings: () => ({ payouts: "manual" }) });
  beforeAll(async () => {
    service = await openService({ mode: "test", baseUrl: "http://127.0.0.1:8787" });
    await service.database.sql`insert into database_mode (mode) values ('test')`;
    // Whoever changes settings where money is not played has a second factor.
    await service.database.sql`update auth.staff set two_factor_enabled = true`;
    service.deps.keys.connect = () => stripeClient({ key: stripe.sandbox.key("alov"), fetch: stripe.sandbox.fetch });
  });
  afterAll(async () => await service.close());

  test("a key of the sandbox or of live mode is refused", async () => {
    expect((await post(service, "try", { key: "rk_test_sandbox_main" })).html).toContain("a key of the sandbox");
    expect((await post(service, "try", { key: "sk_live_0123456789" })).html).toContain(
      "This database holds test payments and stays so, and this is a live key",
    );
  });

  test("without a public address no endpoint is made: the page says so, and that events are fetched every minute", async () => {
    const { html } = await post(service, "try", { key: "rk_test_0123456789" });
    expect(html).toContain("No endpoint is made: events are fetched every minute.");
    expect((await post(service, "keep", await hidden(html))).status).toBe(303);
    const rows = await listAccountKeys(service.database.sql, "main");
    expect(rows.map(({ kind }) => kind)).toEqual(["secret key"]);
    const page = await get(service, address);
    expect(page.html).toContain("Stripe cannot reach http://127.0.0.1:8787");
    expect(page.html).toContain("Events are fetched every minute instead");
    expect((await post(service, "endpoint", {})).html).toContain("Stripe cannot reach");
  });

  test("the account's id at Stripe is learned with its key", async () => {
    const [row] = await service.database.sql`select stripe_account_id as id from account where slug = 'main'`;
    expect(row).toEqual({ id: "acct_sandboxalov" });
  });
});
