import { formatMoney, type Money } from "../../src/core/money.ts";
import type { Table } from "../charts/table.ts";
import { formatCount } from "../locales/en/count.ts";
import { thanksWords as words } from "../locales/en/thanks.ts";
import { Contact } from "../parts/contact.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { LedgerTable } from "../parts/ledger-table.tsx";
import { Worded } from "../parts/worded.tsx";

type FundLink = { slug: string; name: string };

/**
 * A recorded gift with the figures of its fund as they stand now. One that repeats says how often (`month`, `year`, or
 * such as `3 month`) and whom to write to so that it stops.
 */
export type BookedGift = {
  amountMinor: bigint;
  repeats: { every: string; contact: string } | null;
  fund: FundLink & { raisedMinor: bigint; donors: number; unnamedGifts: number };
};

export type BookedSale = { description: string; quantity: number; amountMinor: bigint };

/**
 * What is true of the payment at this moment.
 * - booked: the webhook has come and gifts and sales are recorded
 * - paid: Stripe says so, our record does not yet
 * - processing: a delayed method, neither paid nor failed: counted nowhere
 * - failed: a delayed method whose bank did not pay
 * - open: the session is not paid and can still be; `url` is Stripe's page
 * - expired: the session was not used in time
 * - unknown: no session of ours, or Stripe cannot be asked
 */
export type ThanksState =
  | {
      state: "booked";
      currency: string;
      gifts: BookedGift[];
      sales: BookedSale[];
      shippingMinor: bigint;
      /** What of all this went back by refund or dispute. */
      returnedMinor: bigint;
    }
  | { state: "paid"; total: Money | null }
  | { state: "processing"; total: Money | null }
  | { state: "failed"; backPath: string }
  | { state: "open"; url: string | null; backPath: string }
  | { state: "expired"; backPath: string }
  | { state: "unknown" };

export type ThanksPageProps = {
  frame: Frame;
  /** This page's own path, to look again. */
  path: string;
  outcome: ThanksState;
};

/** `GET /thanks/:session`: tells the truth whether or not the webhook has come, and looks again by itself until it has. */
export function ThanksPage({ frame, path, outcome }: ThanksPageProps) {
  const waits = outcome.state === "paid" || outcome.state === "processing";
  return (
    <Layout frame={frame} title={words.titles[outcome.state]} current={null}>
      <main id="main" class="wrap narrow" data-state={outcome.state} {...(waits ? { "data-look-again": "" } : {})}>
        <div aria-live="polite">
          <h1>{words.titles[outcome.state]}</h1>
          {["booked", "paid"].includes(outcome.state) && frame.wording["thank-you"] !== undefined ? (
            <Worded as="lead" written={frame.wording["thank-you"]} ours="" />
          ) : null}
          <Outcome path={path} outcome={outcome} />
        </div>
      </main>
    </Layout>
  );
}

function Outcome({ path, outcome }: Omit<ThanksPageProps, "frame">) {
  switch (outcome.state) {
    case "booked":
      return <Booked outcome={outcome} />;
    case "paid":
      return (
        <>
          <p class="lead">{words.paid(totalInWords(outcome.total))}</p>
          <p>{words.paidLong}</p>
          <Actions links={[{ href: path, text: words.look, primary: true }]} />
        </>
      );
    case "processing":
      return (
        <>
          <p class="lead">{words.processing(totalInWords(outcome.total))}</p>
          <p>{words.processingLong}</p>
          <Actions links={[{ href: path, text: words.look, primary: true }]} />
        </>
      );
    case "failed":
      return (
        <>
          <p class="lead">{words.failed}</p>
          <Actions links={[{ href: outcome.backPath, text: words.tryAgain, primary: true }]} />
        </>
      );
    case "open":
      return (
        <>
          <p class="lead">{words.open}</p>
          <Actions
            links={[
              ...(outcome.url === null ? [] : [{ href: outcome.url, text: words.continueAtStripe, primary: true }]),
              { href: outcome.backPath, text: words.tryAgain, primary: outcome.url === null },
            ]}
          />
        </>
      );
    case "expired":
      return (
        <>
          <p class="lead">{words.expired}</p>
          <Actions links={[{ href: outcome.backPath, text: words.tryAgain, primary: true }]} />
        </>
      );
    case "unknown":
      return (
        <>
          <p class="lead">{words.unknown}</p>
          <Actions
            links={[
              { href: path, text: words.look, primary: true },
              { href: "/", text: words.toFunds, primary: false },
            ]}
          />
        </>
      );
  }
}

function Booked({ outcome }: { outcome: Extract<ThanksState, { state: "booked" }> }) {
  const { currency, gifts, sales, returnedMinor } = outcome;
  const money = (amountMinor: bigint) => formatMoney({ amountMinor, currency });
  return (
    <>
      {gifts.map(({ amountMinor, repeats, fund }) => (
        <>
          <p class="lead">
            {recordedInWords(money(amountMinor), fund.name, repeats?.every ?? null)}{" "}
            {words.fundStands(money(fund.raisedMinor), peopleInWords(fund.donors), unnamedInWords(fund.unnamedGifts))}
          </p>
          {repeats === null ? null : (
            <p>
              {words.repeats} <Contact contact={repeats.contact} />.
            </p>
          )}
        </>
      ))}
      {sales.length === 0 ? null : <p class="lead">{words.orderRecorded}</p>}
      <LedgerTable id="paid" table={paidTable(outcome)} />
      {returnedMinor > 0n ? <p>{words.returned(money(returnedMinor))}</p> : null}
      <p class="small soft">{words.confirmation}</p>
      <Actions
        links={[
          ...gifts.map(({ fund }) => ({ href: `/funds/${fund.slug}`, text: words.toFund(fund.name), primary: false })),
          ...(gifts.length === 0 ? [{ href: "/", text: words.toFunds, primary: false }] : []),
        ]}
      />
    </>
  );
}

/** What was paid for, line by line, closing with what was paid; pieces are counted where something was bought. */
function paidTable({ currency, gifts, sales, shippingMinor }: Extract<ThanksState, { state: "booked" }>): Table {
  const money = (amountMinor: bigint) => ({ text: formatMoney({ amountMinor, currency }) });
  const lines = [
    ...sales.map((sale) => ({
      text: sale.description,
      pieces: formatCount(sale.quantity),
      amountMinor: sale.amountMinor,
    })),
    ...(shippingMinor === 0n ? [] : [{ text: words.shipping, pieces: "", amountMinor: shippingMinor }]),
    ...gifts.map((gift) => ({ text: words.giftLine(gift.fund.name), pieces: "", amountMinor: gift.amountMinor })),
  ];
  const total = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  const counts = sales.length > 0;
  const cells = (text: string, pieces: string, amountMinor: bigint) => [
    { text },
    ...(counts ? [{ text: pieces }] : []),
    money(amountMinor),
  ];
  return {
    caption: words.linesCaption,
    columns: [
      { label: words.line, number: false },
      ...(counts ? [{ label: words.quantity, number: true }] : []),
      { label: words.amount, number: true },
    ],
    rows: lines.map((line, index) => ({
      key: String(index),
      cells: cells(line.text, line.pieces, line.amountMinor),
    })),
    sum: cells(words.total, "", total),
    empty: "",
  };
}

function Actions({ links }: { links: { href: string; text: string; primary: boolean }[] }) {
  return (
    <p class="actions">
      {links.map(({ href, text, primary }) => (
        <a class={primary ? "btn" : "btn quiet"} href={href}>
          {text}
        </a>
      ))}
    </p>
  );
}

function recordedInWords(amount: string, fund: string, every: string | null): string {
  if (every === null) return words.giftRecorded(amount, fund);
  return words.repeatedGiftRecorded(words.every[every] ?? words.everyOtherwise, amount, fund);
}

function totalInWords(total: Money | null): string {
  return total === null ? words.yourPayment : formatMoney(total);
}

function peopleInWords(donors: number): string {
  return donors === 1 ? words.onePerson : words.people(formatCount(donors));
}

function unnamedInWords(gifts: number): string {
  if (gifts === 0) return "";
  return gifts === 1 ? words.oneUnnamed : words.unnamed(formatCount(gifts));
}
