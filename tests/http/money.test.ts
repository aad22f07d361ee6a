import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { recordCash } from "../../src/db/cash.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { signIn, type SignedIn } from "../staff.ts";
import { booksOf } from "../flow/hand.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

let service: Service;
let treasurer: SignedIn;
beforeAll(async () => {
  service = await openService();
  treasurer = await signIn(service.deps.sql, "treasurer", { name: "Tess Treasurer" });
});
afterEach(async () => {
  expect([...(await service.deps.sql`select * from audit()`)]).toEqual([]);
});
afterAll(async () => await service.close());

const get = async (path: string): Promise<string> =>
  await (await service.app.request(`${baseUrl}${path}`, { headers: treasurer.headers })).text();
const post = async (
  path: string,
  fields: Record<string, string>,
): Promise<{ status: number; to: string; text: string }> => {
  const answer = await service.app.request(`${baseUrl}${path}`, form(fields, treasurer.headers));
  return { status: answer.status, to: answer.headers.get("location") ?? "", text: await answer.text() };
};
const hidden = (page: string): string => /name="request" value="([^"]+)"/u.exec(page)?.[1] ?? "";
const base = { organisation: "house", day: "2021-03-12" };

describe("the forms of money", () => {
  test("record once what is sent twice, and say so in one calm sentence", async () => {
    const page = await get("/desk/money/new/cash-gift");
    const fields = { ...base, request: hidden(page), fund: "families", amount: "50.00", email: "nigar@example.org" };
    for (const _ of [1, 2])
      expect(await post("/desk/money/new/cash-gift", fields)).toMatchObject({
        status: 303,
        to: "/desk/money?done=recorded",
      });
    expect(await booksOf(service.deps.sql)).toEqual(["1050 families 50.00", "4000 families -50.00"]);
    expect(await get("/desk/money?done=recorded")).toContain("Recorded, and posted in the books.");
  });

  test("a sale by hand, a deposit, a transfer, an expense and a share each come to the books", async () => {
    const send = async (kind: string, fields: Record<string, string>): Promise<void> => {
      const request = hidden(await get(`/desk/money/new/${kind}`));
      const answer = await post(`/desk/money/new/${kind}`, { ...base, request, ...fields });
      expect(answer.text).toBe("");
      expect(answer.status).toBe(303);
    };
    await send("cash-sale", { campaign: "pins/pin/only", quantity: "2", amount: "" });
    await send("deposit", { "deposit.families": "60", "deposit.quiet": "" });
    await send("transfer", { from: "families", to: "quiet", amount: "12.50" });
    await send("administration-share", { fund: "families", amount: "5", rate: "5", note: "As the page says." });
    await send("cash-difference", { way: "less", amount: "1", fund: "", note: "Counted twice." });
    expect(await booksOf(service.deps.sql)).toEqual([
      "1000 families 42.50",
      "1000 general 5.00",
      "1000 quiet 12.50",
      "1050 general -1.00",
      "3900 families 17.50",
      "3900 general -5.00",
      "3900 quiet -12.50",
      "3910 general 10.00",
      "3920 families -10.00",
      "4000 families -50.00",
      "4100 general -10.00",
      "5320 general 1.00",
    ]);
    const list = await get("/desk/money");
    for (const said of [
      "Transfer between funds",
      "$12.50",
      "As the page says.",
      "5%",
      "1000 Bank",
      "recorded by Tess Treasurer",
    ])
      expect(list).toContain(said);
  });

  test("know that there is no 30 February: in a form, in the opening, and in the address of a list", async () => {
    const request = hidden(await get("/desk/money/new/transfer"));
    const fields = { ...base, request, day: "2021-02-30", from: "families", to: "quiet", amount: "1" };
    const opening = "/desk/money/opening/house";
    for (const path of ["/desk/money/new/transfer", opening]) {
      const answer = await post(path, fields);
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining("must be a day such as 2021-03-04")]);
    }
    const list = await service.app.request(`${baseUrl}/desk/money?before=2021-02-30.7`, { headers: treasurer.headers });
    expect(list.status).toBe(200);
  });

  test("say beside each field what is wrong, and keep what was typed", async () => {
    const answer = await post("/desk/money/new/disbursement", {});
    expect(answer.status).toBe(415);
    const typed = { ...base, request: "r", fund: "families", amount: "12.345", payee: "A school" };
    const answered = await upload("/desk/money/new/disbursement", typed, null);
    expect(answered.status).toBe(422);
    for (const said of [
      "Amount must be an amount",
      "What for must not be empty",
      "Who was paid must be chosen",
      "A school",
    ])
      expect(answered.text).toContain(said);
    const overdrawn = { ...typed, amount: "9000", purpose: "Books", payeeKind: "other" };
    await service.deps.sql`update fund set restriction = 'For families.' where slug = 'families'`;
    expect((await upload("/desk/money/new/disbursement", overdrawn, null)).text).toContain(
      "Fund families is restricted and would be left",
    );
    await service.deps.sql`update fund set restriction = '' where slug = 'families'`;
  });

  test("keep the paper of a payment, and give it back as a file", async () => {
    const fields = {
      ...base,
      request: "paper",
      fund: "families",
      amount: "10",
      payeeKind: "other",
      payee: "A school",
      purpose: "Books",
    };
    const liar = await upload("/desk/money/new/disbursement", fields, { text: "<script>", type: "application/pdf" });
    expect(liar.text).toContain("Paper that proves it must be a PDF, PNG, JPEG or WebP file");
    const sent = await upload("/desk/money/new/disbursement", fields, { text: "%PDF-1.7 x", type: "application/pdf" });
    expect(sent.status).toBe(303);
    const path = /\/desk\/money\/\d+\/paper/u.exec(await get("/desk/money"))?.[0] ?? "";
    const paper = await service.app.request(`${baseUrl}${path}`, { headers: treasurer.headers });
    expect(paper.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''receipt.pdf");
    expect(await paper.text()).toBe("%PDF-1.7 x");
  });

  test("a void takes a move back, with a reason", async () => {
    const page = await get("/desk/money");
    const move = /name="move" value="(\d+)"/u.exec(page)?.[1] ?? "";
    const refused = await post("/desk/money/void", { move, request: "v", note: " " });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("It was not voided: say why it is voided.");
    expect(await post("/desk/money/void", { move, request: "v", note: "Wrong." })).toMatchObject({
      to: "/desk/money?done=voided",
    });
    expect(await get("/desk/money")).toContain(`takes back move ${move}`);
  });

  test("are not for the money of another organisation, nor for somebody who only looks", async () => {
    const { sql } = service.deps;
    await sql`insert into organisation (slug, name, legal_name, address, contact) values ('two', 'Two', 'Two', 'there', 'x')`;
    const [two] = await sql<{ id: bigint }[]>`select id from organisation where slug = 'two'`;
    const other = await signIn(sql, [{ role: "treasurer", organisationId: two?.id ?? 0n }]);
    const sent = await service.app.request(
      `${baseUrl}/desk/money/new/transfer`,
      form({ ...base, request: "x", from: "families", to: "quiet", amount: "1" }, other.headers),
    );
    expect(sent.status).toBe(422);
    const voided = form({ move: "1", request: "y", note: "No." }, other.headers);
    expect((await service.app.request(`${baseUrl}/desk/money/void`, voided)).status).toBe(404);
    const listed = await service.app.request(`${baseUrl}/desk/money`, { headers: other.headers });
    expect(await listed.text()).toContain("Nothing was moved by hand yet.");
    const reviewer = await signIn(sql, "reviewer");
    const looked = await service.app.request(`${baseUrl}/desk/money`, { headers: reviewer.headers });
    expect(await looked.text()).not.toContain("/desk/money/void");
  });
});

describe("the beginning of the books", () => {
  test("is a day and what each fund had; it refuses nonsense beside its field", async () => {
    const page = await get("/desk/money/opening/house");
    const wrong = await post("/desk/money/opening/house", { request: hidden(page), day: "", "1000.families": "much" });
    expect(wrong.status).toBe(422);
    for (const said of ["Books begin on must be a day", "Families: At the bank must be an amount"])
      expect(wrong.text).toContain(said);
    const before = await booksOf(service.deps.sql);
    const said = { request: hidden(page), day: "2021-03-01", "1000.general": "100", "1100.general.main": "-2.50" };
    expect(await post("/desk/money/opening/house", said)).toMatchObject({ to: "/desk/money?done=begun" });
    await service.drain.idle();
    const after = await booksOf(service.deps.sql);
    expect(after.filter((line) => !before.includes(line))).toEqual([
      "1000 general 105.00",
      "1100 general -2.50",
      "3000 general -97.50",
    ]);
  });
});

describe("correcting a gift at the desk", () => {
  test("begins at the list of gifts, asks what was wrong, and moves it", async () => {
    const { sql } = service.deps;
    const cash = { organisation: null, currency: null, person: null, name: null, note: null };
    await recordCash(sql, {
      ...cash,
      request: "c9",
      fund: "families",
      amountMinor: 7700n,
      day: "2021-03-20",
      email: "a@example.org",
    });
    const path = /\/desk\/gifts\/\d+\/correct\/whole/u.exec(await get("/desk/gifts"))?.[0] ?? "";
    const page = await get(path);
    expect(page).toContain("Correct the gift of $77.00");
    expect(page).toContain("As it is: Families");
    const wrong = await post(path, { request: hidden(page), who: "email", email: "nobody" });
    expect(wrong.status).toBe(422);
    for (const said of ["E-mail must be an e-mail address", "Reason must not be empty"])
      expect(wrong.text).toContain(said);
    const said = { request: hidden(page), fund: "quiet", who: "name", name: "Anar", reason: "He told us." };
    const { to } = await post(path, said);
    expect(to).toMatch(/^\/desk\/gifts\/\d+\?done=corrected$/u);
    const corrected = await get(to);
    for (const words of ["Corrected.", "Quiet", "Anar"]) expect(corrected).toContain(words);
  });

  test("a gift by hand is voided where it is seen", async () => {
    const path = /\/desk\/gifts\/\d+(?=\/correct)/u.exec(await get("/desk/gifts"))?.[0] ?? "";
    const key = /name="payment" value="(cash_\d+)"/u.exec(await get(path))?.[1] ?? "";
    expect(await post("/desk/money/void", { payment: key, request: "vg", note: "Not signed." })).toMatchObject({
      to: "/desk/money?done=voided",
    });
    expect(await get("/desk/gifts")).not.toContain("$77.00");
  });
});

describe("the review", () => {
  test("assigns a gift with one press, or several at once", async () => {
    for (const description of ["Bake sale", "At the fair", "At the door"]) await paidElsewhere(description);
    await service.settle();
    const page = await get("/desk/review");
    expect(page).toContain("3 gifts wait for a fund");
    const one = /name="one" value="([^"]+)"/u.exec(page)?.[1] ?? "";
    expect(await post("/desk/review/gifts", { request: hidden(page), one })).toMatchObject({
      to: "/desk/review?done=assigned",
    });
    const left = await get("/desk/review");
    expect(left).toContain("2 gifts wait for a fund");
    const chosen = Object.fromEntries(
      [...left.matchAll(/name="(gift\.[^"]+)"/gu)].map((match) => [match[1] ?? "", "yes"]),
    );
    const none = await post("/desk/review/gifts", { request: hidden(left), fund: "families", reason: "Asked." });
    expect(none.text).toContain("Nothing was assigned: choose at least one.");
    expect(
      (await post("/desk/review/gifts", { request: hidden(left), ...chosen, fund: "families", reason: "" })).status,
    ).toBe(422);
    expect(
      await post("/desk/review/gifts", { request: hidden(left), ...chosen, fund: "families", reason: "Asked." }),
    ).toMatchObject({
      to: "/desk/review?done=assigned",
    });
    expect(await get("/desk/review")).toContain("No gift waits for a fund");
  });
});

async function paidElsewhere(description: string): Promise<void> {
  const stripe = stripeClient({ key: service.sandbox.key("main"), fetch: service.sandbox.fetch });
  const { id } = await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: `${baseUrl}/thanks/x`,
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: 2000, product_data: { name: "Link" } } }],
    payment_intent_data: { description },
  });
  const email = `${description.replaceAll(" ", "-")}@example.org`;
  await service.sandbox.pay("main", id, { email, name: "A Guest", card: "domestic" });
}

async function upload(
  path: string,
  fields: Record<string, string>,
  file: { text: string; type: string } | null,
): Promise<{ status: number; text: string }> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== null) body.set("evidence", new File([file.text], "receipt.pdf", { type: file.type }));
  const headers = { ...treasurer.headers, origin: baseUrl, "sec-fetch-site": "same-origin" };
  const answer = await service.app.request(`${baseUrl}${path}`, { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text() };
}
