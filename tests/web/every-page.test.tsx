import type { DrawnGift, SpotCheck } from "../../src/core/spot-check.ts";
import { describe, expect, it } from "vitest";
import { everyGift } from "../../src/core/gift-list.ts";
import { AboutSandboxPage } from "../../web/pages/about-sandbox.tsx";
import { AlertsPage } from "../../web/pages/alerts.tsx";
import { BoardPage } from "../../web/pages/board.tsx";
import { CampaignPage } from "../../web/pages/campaign.tsx";
import { DeadLettersPage } from "../../web/pages/dead-letters.tsx";
import { DeskPage } from "../../web/pages/desk.tsx";
import { FundPage } from "../../web/pages/fund.tsx";
import { PackPage, SharedPackPage } from "../../web/pages/pack.tsx";
import { NewPackPage, PacksPage } from "../../web/pages/packs.tsx";
import { packDocuments } from "../../web/charts/pack-sections.ts";
import { sharedDocuments } from "../../web/charts/pack-shared.ts";
import { FundsPage } from "../../web/pages/funds.tsx";
import { GiftPage } from "../../web/pages/gift.tsx";
import { GiftsPage } from "../../web/pages/gifts.tsx";
import { GoLivePage } from "../../web/pages/go-live.tsx";
import { RefusalPage } from "../../web/pages/refusal.tsx";
import { SpotCheckPage, type SpotCheckPageProps } from "../../web/pages/spot-check.tsx";
import { SpotChecksPage } from "../../web/pages/spot-checks.tsx";
import { StartPage } from "../../web/pages/start.tsx";
import { StripeAccountPage, type StripeState } from "../../web/pages/stripe-account.tsx";
import { StripeAccountsPage } from "../../web/pages/stripe-accounts.tsx";
import { startSteps } from "../../src/core/start.ts";
import { ThanksPage } from "../../web/pages/thanks.tsx";
import type { Frame } from "../../web/parts/frame.ts";
import { emptyGive } from "../../web/parts/give-form.tsx";
import { emptyShop } from "../../web/parts/shop-form.tsx";
import {
  alert,
  asOf,
  board,
  boardAround,
  giftLine,
  openedPayment,
  families,
  familiesTotal,
  frame,
  blocks,
  pin,
  pinTotal,
  shirts,
} from "./story.ts";
import { everything, packRow, sharedPack, storedPack } from "./pack-story.ts";
import { html, render, text, texts } from "./render.ts";

const order = "alm_0123456789abcdef01234567";
const giveForm = { order, values: emptyGive(families), errors: {}, cameBack: false };
const shopForm = { order, values: emptyShop(), errors: {}, quantityErrors: {}, cameBack: false };
const admin = {
  id: "1",
  name: "Ada",
  memberships: [{ role: "admin" as const, organisationId: null, fundId: null }],
};
const check: SpotCheck = {
  id: 3n,
  organisation: "alov",
  organisationName: "Alov Foundation",
  organisationId: 1n,
  from: "2021-01-01",
  to: null,
  gifts: 612,
  drawnAt: asOf,
  drawnBy: "Ada",
  drawn: 2,
  found: 1,
  differ: 1,
};
const spotChecks = {
  places: [{ slug: "alov", name: "Alov Foundation" }],
  here: { slug: "alov", name: "Alov Foundation" },
  checks: [check],
  mayDraw: true,
  request: "once",
  typed: { from: "2021-01-01", to: "soon" },
  refusal: "Nothing was drawn.",
};
const drawnGift: DrawnGift = {
  place: 1,
  payment: 7n,
  countedOn: "2021-03-04",
  fund: "Families fund",
  currency: "CAD",
  amountMinor: 5000n,
  isThroughStripe: true,
  account: "alov",
  paymentIntent: "pi_1",
  charge: "ch_1",
  balanceTransaction: "txn_1",
  payout: null,
  entry: { id: "12", number: 9 },
  ticks: [
    { outcome: "differs", remark: "<b>a dollar less</b>", at: asOf, by: "Ada" },
    { outcome: "found", remark: "", at: asOf, by: "Ada" },
  ],
};
const openedCheck: Omit<SpotCheckPageProps, "frame"> = {
  check,
  gifts: [
    drawnGift,
    { ...drawnGift, place: 2, isThroughStripe: false, paymentIntent: null, charge: null, entry: null, ticks: [] },
  ],
  mode: "test",
  seesDesk: true,
  request: "once",
  typed: { place: "2", remark: "half of it" },
  notice: null,
  refusal: "Nothing was ticked.",
};
const stripeState: StripeState = {
  row: {
    id: 1n,
    slug: "alov",
    organisationId: 1n,
    organisation: "Alov Foundation",
    stripeAccountId: "acct_1",
    isFirst: true,
    lastEventAt: asOf,
    sweptTo: null,
    keys: [],
  },
  key: { from: "database", lastFour: "1234", since: asOf },
  secret: null,
  atStripe: { id: "acct_1", name: "Alov", payoutInterval: "manual", paysOutInstantly: true, endpoint: "none" },
  door: "https://give.example.org/webhooks/stripe/alov",
  isReachable: true,
  apiVersion: "2026-10-28.endive",
};
const atDesk = (frame: Frame): Frame => ({
  ...frame,
  desk: { path: "/desk/gifts/1", deeds: ["see desk"], needsHand: 2, isTold: true },
});
/** A campaign, as a board is of it. */
const pinsAlone = {
  organisation: "alov",
  organisationName: "Alov Foundation",
  fund: "families",
  fundName: "Families fund",
  campaign: "khari-bulbul-pin",
  campaignName: "Khari Bulbul pin",
};

const pages: [string, (frame: Frame) => unknown][] = [
  [
    "board packs",
    (frame) => (
      <PacksPage
        frame={frame}
        packs={[packRow]}
        notice={null}
        mayMake
        monthly={{ canSend: true, choices: [{ place: everything, languages: "en fr" }] }}
      />
    ),
  ],
  [
    "a new board pack",
    (frame) => (
      <NewPackPage
        frame={frame}
        place={everything}
        currency="CAD"
        packs={[packRow]}
        values={{ languages: "en" }}
        errors={{ to: "Wrong." }}
      />
    ),
  ],
  [
    "a board pack",
    (frame) => (
      <PackPage
        frame={frame}
        number={7n}
        documents={packDocuments(storedPack)}
        notice={null}
        links={{ listed: [], now: asOf, made: "https://give.example.org/packs/secret" }}
      />
    ),
  ],
  [
    "a shared board pack",
    (frame) => (
      <SharedPackPage
        frame={frame}
        documents={sharedDocuments(sharedPack, 7, asOf.toISOString())}
        pdf="/packs/s/pack.pdf"
      />
    ),
  ],
  [
    "all funds",
    (frame) => (
      <FundsPage
        frame={frame}
        asOf={asOf}
        funds={[{ fund: families, total: familiesTotal }]}
        campaigns={[{ campaign: pin, total: pinTotal }]}
      />
    ),
  ],
  [
    "a fund",
    (frame) => (
      <FundPage
        frame={frame}
        fund={families}
        total={familiesTotal}
        asOf={asOf}
        rows={blocks}
        recent={[]}
        campaigns={[pin]}
        form={giveForm}
      />
    ),
  ],
  [
    "a shop",
    (frame) => (
      <CampaignPage
        frame={frame}
        campaign={shirts}
        total={pinTotal}
        today="2026-11-21"
        giftPresetsMinor={[500n]}
        form={shopForm}
      />
    ),
  ],
  ["thanks", (frame) => <ThanksPage frame={frame} path="/thanks/cs_1" outcome={{ state: "paid", total: null }} />],
  ["the board", (frame) => <BoardPage {...boardAround} frame={frame} data={board()} />],
  [
    "the board of a campaign, which has no funds below it",
    (frame) => (
      <BoardPage {...boardAround} frame={frame} data={{ ...board(), funds: [], unassigned: null, within: pinsAlone }} />
    ),
  ],
  [
    "the desk",
    (frame) => (
      <DeskPage
        frame={atDesk(frame)}
        alerts={[alert("clock", "", { aheadMs: 612_000 })]}
        unassigned={2}
        now={asOf}
        start={null}
      />
    ),
  ],
  [
    "alerts",
    (frame) => (
      <AlertsPage
        frame={atDesk(frame)}
        alerts={[
          alert("key refused", "alov", { reason: "StripeAuthenticationError" }),
          alert("mail stuck", "", { mails: 1 }),
        ]}
        past={[{ ...alert("clock"), id: 2n, clearedAt: asOf }]}
        staff={{ id: "s1", mayTake: true }}
        pauses={[{ accountId: 1n, account: "alov", until: asOf, reason: "StripeRateLimitError" }]}
        unlisted={[{ account: "alov", since: asOf, reason: "StripePermissionError" }]}
        clock={{ aheadMs: 612_000, measuredAt: asOf }}
        mail={{ way: "sends", queue: { waiting: 1, oldest: asOf, givenUp: 1 }, mayReplay: true }}
        done="taken"
      />
    ),
  ],
  [
    "gifts",
    (frame) => (
      <GiftsPage
        frame={atDesk(frame)}
        filter={{ ...everyGift, fund: "families" }}
        choices={{ funds: [families], campaigns: [pin], organisations: families.organisations }}
        period={null}
        search={{ typed: "Leyla", by: "name" }}
        lines={[giftLine]}
        sums={{
          byCurrency: [{ currency: "CAD", lines: 51, awaiting: 1, givenMinor: 5_000n, returnedMinor: 500n }],
          isByDay: false,
        }}
        books="alov"
        isFirst={false}
        older={{ day: "2021-03-04", paymentId: 1n, part: "whole" }}
      />
    ),
  ],
  [
    "a gift",
    (frame) => (
      <GiftPage
        frame={atDesk(frame)}
        payment={openedPayment}
        mode="live"
        notice={null}
        request={null}
        entries="/desk/books/entries?payment=1"
      />
    ),
  ],
  [
    "dead letters",
    (frame) => (
      <DeadLettersPage
        frame={frame}
        letters={[
          {
            of: "event",
            account: "alov",
            objectId: "ch_1",
            since: asOf,
            mayReplay: true,
            reason: "data.object.amount must be a whole number of minor units",
            inboxId: 12n,
            eventId: "evt_1",
            type: "charge.succeeded",
            by: "webhook",
          },
          {
            of: "question",
            account: "alov",
            objectId: "in_1",
            since: asOf,
            mayReplay: true,
            reason: "resource_missing",
            name: { accountId: 1n, kind: "invoice", objectId: "in_1" },
          },
        ]}
        count={3}
        pauses={[{ accountId: 1n, account: "alov", until: asOf, reason: "StripeRateLimitError" }]}
        replayed={1}
      />
    ),
  ],
  [
    "first steps",
    (frame) => (
      <StartPage
        frame={frame}
        staff={admin}
        steps={startSteps({
          hasOrganisation: true,
          isConnected: false,
          fund: null,
          hasGift: false,
          staff: 1,
          worksAlone: false,
        })}
      />
    ),
  ],
  [
    "all Stripe accounts",
    (frame) => (
      <StripeAccountsPage frame={frame} mode="test" accounts={[{ row: stripeState.row, isConnected: false }]} />
    ),
  ],
  [
    "a Stripe account",
    (frame) => (
      <StripeAccountPage
        frame={frame}
        mode="test"
        state={stripeState}
        form={{
          errors: { key: "no", secret: "no", endpoint: "no" },
          done: "Done.",
          tried: {
            permissions: [{ name: "read charges", outcome: "missing", words: "no" }],
            accountName: null,
            lastFour: "1234",
            sealed: { iv: "iv", ciphertext: "text" },
            switchesTo: "test",
          },
        }}
      />
    ),
  ],
  ["spot checks", (frame) => <SpotChecksPage {...spotChecks} frame={frame} />],
  ["a spot check", (frame) => <SpotCheckPage {...openedCheck} frame={frame} />],
  [
    "going live",
    (frame) => (
      <GoLivePage
        frame={frame}
        modes={["test", "live"]}
        asksForAddress={true}
        form={{ mode: "live", errors: { mode: "no", to: "no", confirm: "no" }, isMade: true }}
      />
    ),
  ],
  ["a refusal", (frame) => <RefusalPage frame={frame} status={404} />],
  ["about the sandbox", (frame) => <AboutSandboxPage frame={frame} />],
];

describe.each(pages)("the page of %s", (_, page) => {
  it("is a whole document with a language, a title, one main heading and one main part", async () => {
    const source = html(page(frame));
    const document = await render(page(frame));
    expect(source.startsWith("<!doctype html>")).toBe(true);
    expect(document.documentElement.lang).toBe("en");
    expect(document.title).toMatch(/ · Almonry$/u);
    expect(document.querySelectorAll("h1")).toHaveLength(1);
    expect(document.querySelectorAll("main#main")).toHaveLength(1);
  });

  it("has nothing that a strict content security policy forbids", async () => {
    const document = await render(page(frame));
    expect(document.querySelectorAll("[style], style")).toHaveLength(0);
    for (const script of document.querySelectorAll("script")) {
      expect(script.src !== "" || script.type === "application/json").toBe(true);
    }
    const handlers = [...document.querySelectorAll("*")].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith("on")),
    );
    expect(handlers).toEqual([]);
  });

  it("names every organisation with its legal name, address and contact", async () => {
    const footer = text(await render(page(frame)), "footer");
    expect(footer).toContain("Alov Foundation Inc.");
    expect(footer).toContain("12 Example Street");
    expect(footer).toContain("hello@alov.example");
    expect(footer).toContain("34 Example Avenue");
  });

  it("says that no real money moves, in the sandbox and only there", async () => {
    expect(text(await render(page(frame)), "header")).toContain("no real money");
    expect(text(await render(page({ ...frame, sandbox: false })), "header")).not.toContain("no real money");
  });

  it("leads to the board and the desk only those to whom they are open", async () => {
    const rooms = async (boardIsOpen: boolean, seesDesk: boolean) =>
      texts(await render(page({ ...frame, boardIsOpen, staff: { name: "Bea", seesDesk } })), "header nav a");
    expect(await rooms(true, true)).toEqual(["Funds", "Shop", "Board", "Desk"]);
    expect(await rooms(true, false)).toEqual(["Funds", "Shop", "Board"]);
    expect(await rooms(false, false)).toEqual(["Funds", "Shop"]);
  });

  it("says who is signed in and how to leave, or how to come in", async () => {
    expect(text(await render(page(frame)), "header form")).toContain("Tara Treasurer");
    const stranger = await render(page({ ...frame, boardIsOpen: false, staff: null }));
    expect(stranger.querySelector("header form")).toBeNull();
    expect(texts(stranger, "footer a")).toContain("Sign in");
  });

  it("has no two elements with the same id, and no reference to one that is missing", async () => {
    const document = await render(page(frame));
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [
      ...document.querySelectorAll("[aria-describedby], [aria-labelledby], label[for], a[href^='#']"),
    ].flatMap((element) => [
      ...(element.getAttribute("aria-describedby") ?? "").split(" "),
      ...(element.getAttribute("aria-labelledby") ?? "").split(" "),
      element.getAttribute("for") ?? "",
      (element.getAttribute("href") ?? "").replace(/^[^#].*$|^#/u, ""),
    ]);
    expect(named.filter((id) => id !== "" && !ids.includes(id))).toEqual([]);
  });
});

it("a page of refusal says what happened and what to do, in the given words", async () => {
  const document = await render(<RefusalPage frame={frame} status={400} reason="“x” is not a day." />);
  expect(text(document, "main")).toContain("“x” is not a day.");
  expect(text(document, "main")).toContain("try again");
});
