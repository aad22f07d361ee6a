import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { openLive } from "../../src/db/live.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { keyRoom } from "../key-room.ts";
import { signIn, testAuth, type SignedIn } from "../staff.ts";
import { render, text, texts } from "../web/render.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

/** Which steps are done, which one is next, and which come later. */
async function standing(html: string): Promise<string[]> {
  const document = await render(html);
  return [...document.querySelectorAll(".step")].map((step) => `${text(step, "h2")}: ${text(step, ".step-state")}`);
}

describe("an empty database", () => {
  let database: TestDatabase;
  let admin: SignedIn;
  let ask: (path: string, who?: SignedIn) => Promise<string>;
  let end: () => Promise<void>;

  beforeAll(async () => {
    database = await openTestDatabase();
    const { sql } = database;
    admin = await signIn(sql, "admin");
    const live = await openLive(sql, () => undefined);
    const auth = testAuth(database.url, baseUrl);
    const app = createApp({
      sql,
      mode: "sandbox",
      baseUrl,
      host: "127.0.0.1",
      auth,
      proxies: 0,
      demoStaff: [],
      findAccount: async () => await Promise.resolve(null),
      live,
      keys: await keyRoom(null),
      goLive: null,
      hasOwnDatabase: true,
      now: () => new Date(),
      random: () => "0".repeat(24),
      log: () => undefined,
      ready: [],
      assets: { style: "/style.css", script: "/main.js", serve: null },
      sandbox: null,
    });
    ask = async (path, who) => await (await app.request(`${baseUrl}${path}`, { headers: who?.headers ?? {} })).text();
    end = async () => {
      live.stop();
      await auth.close();
      await database.close();
    };
  });
  afterAll(async () => await end());

  test("says what to do next on its front page: first steps for the staff, sign-in for nobody known", async () => {
    const mine = await render(await ask("/", admin));
    expect(mine.querySelector("main .panel a")?.getAttribute("href")).toBe("/desk/start");
    const nobody = await render(await ask("/"));
    expect(nobody.querySelector("main .panel a")?.getAttribute("href")).toBe("/sign-in?to=%2Fdesk%2Fstart");
  });

  test("has every step open, and the organisation comes first", async () => {
    expect(await standing(await ask("/desk/start", admin))).toEqual([
      "Say who you are: Next",
      "Connect Stripe: Then",
      "Open the first fund: Then",
      "Give a dollar, and see it arrive: Then",
      "Let somebody else look: Then",
    ]);
    const page = await render(await ask("/desk/start", admin));
    expect(texts(page, ".step a")).toEqual(["Add the organisation"]);
    expect(page.querySelector("main")?.getAttribute("data-state")).toBe("0");
  });

  test("with an organisation and its account goes on to the fund: the sandbox plays Stripe", async () => {
    const { sql } = database;
    const house = { slug: "house", name: "House", legalName: "House Society", address: "1 Main St", contact: "x" };
    const read = readSetup(
      {
        organisations: [house],
        accounts: [{ slug: "main", organisation: "house" }],
        funds: [{ slug: "general", name: "General", description: "All else.", accounts: ["main"], generalOf: "house" }],
      },
      await readKnownNames(sql),
    );
    if (!read.ok) throw new Error(read.problems.join("; "));
    await applySetup(sql, read.setup);
    expect(await standing(await ask("/desk/start", admin))).toEqual([
      "Say who you are: Done",
      "Connect Stripe: Done",
      "Open the first fund: Next",
      "Give a dollar, and see it arrive: Then",
      "Let somebody else look: Then",
    ]);
  });

  test("shows whoever may not do a step the step without its button", async () => {
    const reviewer = await signIn(database.sql, "reviewer");
    const page = await render(await ask("/desk/start", reviewer));
    expect(texts(page, ".step a")).toEqual([]);
  });
});

describe("the last steps", () => {
  let service: Service;
  beforeAll(async () => {
    service = await openService();
  });
  afterAll(async () => await service.close());
  const ask = async (): Promise<string> =>
    await (await service.app.request(`${baseUrl}/desk/start`, { headers: service.admin.headers })).text();

  test("are a gift, which the page sees arrive by itself, and another person on the staff; then the list is done", async () => {
    expect((await standing(await ask())).slice(2)).toEqual([
      "Open the first fund: Done",
      "Give a dollar, and see it arrive: Next",
      "Let somebody else look: Then",
    ]);
    const waiting = await render(await ask());
    expect(waiting.querySelector("main")?.hasAttribute("data-look-again")).toBe(true);
    expect(waiting.querySelector(".step.next a")?.getAttribute("href")).toBe("/funds/families");
    const answer = await service.app.request(
      "/funds/families/give",
      form({ amount: "other", other: "1.00", every: "once", show: "nothing", order: "alm_0123456789abcdef01234567" }),
    );
    const session = /\/sandbox\/pay\/(cs_[A-Za-z0-9_]+)/u.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
    await service.sandbox.pay("main", session, { email: "ada@example.org", name: "Ada", card: "domestic" });
    await service.settle();
    expect((await standing(await ask())).at(3)).toBe("Give a dollar, and see it arrive: Done");

    const step = (await render(await ask())).querySelector(".step.next");
    expect(text(step as unknown as Document, "form button")).toBe("I work alone");
    const alone = await service.app.request("/desk/start", form({ alone: "yes" }, service.admin.headers));
    expect(alone.headers.get("location")).toBe("/desk/start");
    expect((await standing(await ask())).at(4)).toBe("Let somebody else look: Done");
    await service.database.sql`delete from works_alone`;

    await signIn(service.database.sql, "treasurer");
    const done = await render(await ask());
    expect(text(done, "main .lead")).toBe("All of it is done. This list leaves the desk by itself.");
    expect(done.querySelector("main")?.hasAttribute("data-look-again")).toBe(false);
  });
});
