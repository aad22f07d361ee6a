import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/core/alert.ts";
import type { Staff } from "../../src/core/role.ts";
import { startSteps } from "../../src/core/start.ts";
import { alertWords } from "../../web/locales/en/alert.ts";
import { spanInWords } from "../../web/locales/en/alerts.ts";
import { AlertsPage, type AlertsPageProps } from "../../web/pages/alerts.tsx";
import { DeskPage, type DeskPageProps } from "../../web/pages/desk.tsx";
import { render, text, texts } from "./render.ts";
import { alert, asOf, frame } from "./story.ts";

const everyKind: Alert[] = [
  alert("mail stuck", "", { mails: 2 }),
  alert("sweep late", "alov", { since: asOf.toISOString() }),
  alert("arriving", "center", { payments: 1_200, since: asOf.toISOString() }),
  alert("arriving", "alov", { payments: 1, since: asOf.toISOString() }),
  alert("books differ", "alov", { differences: 2, since: asOf.toISOString() }),
  alert("dead letters", "alov", { letters: 3 }),
  alert("key refused", "alov", { reason: "StripeAuthenticationError" }),
  alert("endpoint disabled", "alov"),
  alert("clock", "", { aheadMs: -612_000 }),
  alert("disk low", "", { freePercent: 2, freeBytes: 812_000_000 }),
];

describe("to do", () => {
  const calm: DeskPageProps = { frame, alerts: [], unassigned: 0, now: asOf, start: null };
  const desk = async (props: Partial<DeskPageProps> = {}) => await render(<DeskPage {...calm} {...props} />);

  it("says calmly that nothing needs a hand, and nothing else", async () => {
    const document = await desk();
    expect(texts(document, "main > *")).toEqual(["To do", expect.stringContaining("Nothing needs a hand")]);
    expect(document.querySelectorAll("main a, main button")).toHaveLength(0);
  });

  it("[53] is one sentence and one button each, the most harmful first", async () => {
    const document = await desk({ alerts: everyKind, unassigned: 4 });
    expect(texts(document, ".todo li p:first-child")).toEqual([
      "Only 812 MB of the disk (2%) is free: when it is full, nothing can be taken in.",
      "The clock is 10 minutes behind Stripe's, so every delivery is refused.",
      "Stripe has switched the endpoint of account alov off: gifts are taken, but we hear of them only when we ask.",
      expect.stringContaining("Account alov: Stripe does not take our key"),
      "3 dead letters of account alov: sent by Stripe or asked of it, not booked after every try, in no number.",
      expect.stringMatching(/^2 objects of account alov are at Stripe and not booked as there, .* the same was /u),
      expect.stringContaining(
        "1,200 payments of account center have been arriving for more than a day, the oldest since",
      ),
      expect.stringContaining("1 payment of account alov has been arriving for more than a day"),
      expect.stringContaining("What Stripe could not deliver to account alov has not been asked for since"),
      "2 mails were given up: the mail server does not take them.",
      "4 gifts wait for a fund: counted, but under none.",
    ]);
    for (const entry of document.querySelectorAll(".todo li"))
      expect(entry.querySelectorAll("a.btn, button")).toHaveLength(1);
  });

  it("says by when, who looks after it, and when that is past", async () => {
    const owner = { id: "s1", name: "Nigar" };
    const dueAt = new Date(asOf.getTime() - 1);
    const document = await desk({ alerts: [{ ...alert("clock", "", { aheadMs: 90_000 }), owner, dueAt }] });
    expect(text(document, ".todo .late")).toMatch(/^Should have been done by .* Nigar looks after it\.$/u);
  });

  it("has the first day's steps until all are done", async () => {
    const facts = {
      hasOrganisation: true,
      isConnected: false,
      fund: null,
      hasGift: false,
      staff: 1,
      worksAlone: false,
    };
    const staff: Staff = {
      id: "s1",
      name: "Ada",
      memberships: [{ role: "admin", organisationId: null, fundId: null }],
    };
    const document = await desk({ start: { steps: startSteps(facts), staff } });
    expect(texts(document, ".first-steps > h2")).toEqual(["First steps"]);
    expect(document.querySelectorAll(".first-steps .step.done")).toHaveLength(1);
    expect(document.querySelectorAll(".first-steps a.btn")).toHaveLength(1);
  });

  it("leads to a place that is there, whatever needs a hand", async () => {
    const alertsPage = await alerts({ alerts: everyKind });
    const isThere = (link: string): boolean => {
      const [path, place] = link.split("#");
      if (place === undefined) return ["/desk/dead-letters", "/desk/settings/stripe/alov"].includes(path ?? "");
      return path === "/desk/alerts" && alertsPage.querySelectorAll(`#${place}`).length === 1;
    };
    const links = [...(await desk({ alerts: everyKind })).querySelectorAll(".todo a")].map((a) =>
      a.getAttribute("href"),
    );
    expect(links.filter((link) => !isThere(link ?? ""))).toEqual([]);
    expect(links).toHaveLength(everyKind.length);
    expect(links).not.toContain("/desk/settings/stripe/alov");
    const admin: NonNullable<typeof frame.desk> = {
      path: "/desk",
      deeds: ["see desk", "change settings"],
      needsHand: 9,
      isTold: false,
    };
    const page = await render(<DeskPage {...calm} frame={{ ...frame, desk: admin }} alerts={everyKind} />);
    const toPages = [...page.querySelectorAll(".todo a")].map((link) => link.getAttribute("href") ?? "");
    expect(toPages.filter((link) => !isThere(link))).toEqual([]);
    expect(toPages).toContain("/desk/settings/stripe/alov");
    expect(toPages).toContain("/desk/dead-letters");
  });
});

const noMail = { waiting: 0, oldest: null, givenUp: 0 };
const calm: AlertsPageProps = {
  frame,
  alerts: [],
  past: [],
  staff: { id: "s1", mayTake: true },
  pauses: [],
  unlisted: [],
  clock: null,
  mail: { way: "sends", queue: noMail, mayReplay: true },
  done: null,
};
const alerts = async (props: Partial<AlertsPageProps> = {}) => await render(<AlertsPage {...calm} {...props} />);

describe("the page of alerts", () => {
  it("says that nothing needs a hand, and what could be said otherwise", async () => {
    const document = await alerts();
    expect(text(document, ".lead")).toContain("Nothing needs a hand");
    expect(texts(document, "main h2")).toEqual(["This machine's clock", "Mail", "What was mended"]);
  });

  it("says of each what to do, since when, by when and whose it is", async () => {
    const document = await alerts({ alerts: everyKind });
    expect(document.querySelectorAll("article.alert")).toHaveLength(everyKind.length);
    for (const { kind } of everyKind) expect(text(document, "main")).toContain(alertWords[kind].todo);
    expect(text(document, "article")).toMatch(/Since .* To be mended by .* Nobody looks after it yet\./u);
  });

  it("lets somebody take what is nobody's, give back what is theirs, and neither of what is another's", async () => {
    const one = everyKind[0] ?? alert("clock");
    const buttons = async (props: Partial<AlertsPageProps>) => texts(await alerts(props), "article button");
    expect(await buttons({ alerts: [one] })).toEqual(["I look after it"]);
    expect(await buttons({ alerts: [{ ...one, owner: { id: "s1", name: "Me" } }] })).toEqual(["Not I any more"]);
    expect(await buttons({ alerts: [{ ...one, owner: { id: "s2", name: "Nigar" } }] })).toEqual([]);
    expect(await buttons({ alerts: [one], staff: { id: "s1", mayTake: false } })).toEqual([]);
    expect(await buttons({ alerts: [{ ...one, id: null }] })).toEqual([]);
  });

  it.each([
    ["sends", "told by mail"],
    ["keeps", "cannot send any: it waits"],
    ["none", "No mail is sent: SMTP_URL is not set"],
  ] as const)("says what becomes of mail: %s", async (way, words) => {
    expect(text(await alerts({ mail: { way, queue: noMail, mayReplay: true } }), "#mail")).toContain(words);
  });

  it("counts the mails that wait and those given up, which can be sent again", async () => {
    const document = await alerts({
      mail: { way: "keeps", queue: { waiting: 2, oldest: asOf, givenUp: 1 }, mayReplay: true },
    });
    expect(text(document, "#mail")).toContain("2 mails wait to be sent, the oldest since 21 November 2026");
    expect(text(document, "#mail")).toContain("1 mail was given up");
    expect(texts(document, "#mail button")).toEqual(["Send them again"]);
  });

  it("names the accounts that rest, and those whose lost deliveries are not looked for", async () => {
    const main = text(
      await alerts({
        pauses: [{ accountId: 1n, account: "alov", until: asOf, reason: "StripeRateLimitError" }],
        unlisted: [{ account: "center", since: asOf, reason: "StripePermissionError" }],
      }),
      "main",
    );
    expect(main).toContain("Stripe says that we asked too much");
    expect(main).toContain("our key may not ask for this");
    expect(main).not.toContain("Nothing needs a hand");
  });
});

describe("[53] the clock", () => {
  const says = async (aheadMs: number): Promise<string> =>
    text(await alerts({ clock: { aheadMs, measuredAt: asOf } }), "section[aria-labelledby=clock-heading]");

  it.each([
    [400, "agrees with Stripe's to the second"],
    [-30_000, "30 seconds behind Stripe's, which does no harm"],
    [61_000, "61 seconds ahead of Stripe's. From 5 minutes on"],
    [612_000, "10 minutes ahead of Stripe's, so each delivery is refused as “more than 5 minutes old”"],
    [-86_400_000, "24 hours behind Stripe's, so each delivery is refused as “more than 5 minutes ahead of our clock”"],
  ])("%i ms ahead is said in words: %s", async (aheadMs, words) => {
    expect(await says(aheadMs)).toContain(words);
  });

  it("that nobody compared is not called right", async () => {
    expect(text(await alerts({ frame: { ...frame, sandbox: true } }), "main")).toContain("nothing to compare");
    expect(text(await alerts({ frame: { ...frame, sandbox: false } }), "main")).toContain("has not been compared");
  });
});

it("a span of time is said in whole seconds, minutes, hours or days", () => {
  expect([1_000, -119_000, 120_000, 7_199_000, 7_200_000, 172_800_000].map(spanInWords)).toEqual([
    "1 second",
    "119 seconds",
    "2 minutes",
    "119 minutes",
    "2 hours",
    "2 days",
  ]);
});
