import { describe, expect, it } from "vitest";
import { spanInWords } from "../../web/locales/en/desk.ts";
import { DeskPage, type DeskPageProps } from "../../web/pages/desk.tsx";
import { render, text, texts } from "./render.ts";
import { asOf, frame } from "./story.ts";

const calm: DeskPageProps = { frame, deadLetters: 0, arriving: [], pauses: [], unlisted: [], clock: null };
const desk = async (props: Partial<DeskPageProps> = {}) => await render(<DeskPage {...calm} {...props} />);
const headings = async (props: Partial<DeskPageProps>) => texts(await desk(props), "main h2");

describe("the desk", () => {
  it("says that nothing needs a hand, and leads nowhere then", async () => {
    const document = await desk();
    expect(text(document, ".lead")).toContain("Nothing needs a hand");
    expect(texts(document, "main h2")).toEqual(["This machine's clock"]);
    expect(document.querySelectorAll("main a")).toHaveLength(0);
  });

  it.each<[string, Partial<DeskPageProps>, string]>([
    ["one dead letter", { deadLetters: 1 }, "1 dead letter"],
    [
      "payments that stay arriving",
      { arriving: [{ account: "alov", payments: 2, since: asOf }] },
      "2 payments have been arriving for more than a day",
    ],
    [
      "an account that rests",
      { pauses: [{ accountId: 1n, account: "alov", until: asOf, reason: "StripeAuthenticationError" }] },
      "Stripe is not asked just now",
    ],
    [
      "a key that may not list events",
      { unlisted: [{ account: "alov", since: asOf, reason: "StripePermissionError" }] },
      "Lost deliveries are not looked for",
    ],
    ["a clock that is two minutes off", { clock: { aheadMs: 120_000, measuredAt: asOf } }, "This machine's clock"],
  ])("names %s, and does not call that nothing", async (_claim, props, heading) => {
    expect(await headings(props)).toContain(heading);
    expect(text(await desk(props), ".lead")).not.toContain("Nothing needs a hand");
  });

  it("names the accounts, since when, why and what to do", async () => {
    const main = text(
      await desk({
        deadLetters: 3,
        arriving: [
          { account: "alov", payments: 1, since: asOf },
          { account: "center", payments: 1_200, since: asOf },
        ],
        unlisted: [{ account: "center", since: asOf, reason: "StripePermissionError" }],
      }),
      "main",
    );
    for (const part of [
      "3 dead letters",
      "1,201 payments have been arriving",
      "Account alov: 1 payment, the oldest since",
      "Account center: 1,200 payments, the oldest since",
      "have the dead letters tried again",
      "our key may not ask for this; check the rights of STRIPE_SECRET_KEY",
    ])
      expect(main).toContain(part);
  });
});

describe("[53] the clock", () => {
  const says = async (aheadMs: number): Promise<string> =>
    text(await desk({ clock: { aheadMs, measuredAt: asOf } }), "section[aria-labelledby=clock-heading]");

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
    expect(text(await desk({ frame: { ...frame, sandbox: true } }), "main")).toContain("nothing to compare");
    expect(text(await desk({ frame: { ...frame, sandbox: false } }), "main")).toContain("has not been compared");
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
