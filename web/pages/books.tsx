import { formatMoney } from "../../src/core/money.ts";
import type { ProofCheck, ProofState, StripeState } from "../../src/core/proof.ts";
import { bookWords as words } from "../locales/en/books.ts";
import { listInWords } from "../locales/en/count.ts";
import { BookPlaces, Closes, type Place } from "../parts/book-head.tsx";
import { entriesAddress } from "../../src/core/entry-list.ts";
import { noFund } from "../../src/core/gift-list.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Compared, type ComparedProps } from "../parts/compared.tsx";
import { momentInWords } from "../parts/when.ts";

/** Where a fund stands in an organisation's books; without a slug: what waits for one. */
export type FundBalance = {
  fund: string | null;
  name: string | null;
  isRestricted: boolean;
  currency: string;
  balanceMinor: bigint;
};

export type BooksPageProps = {
  frame: Frame;
  places: readonly Place[];
  /** Null for somebody who may see single funds only. */
  here: Place | null;
  proof: ProofState | null;
  funds: readonly FundBalance[];
  /** The funds that somebody of single funds may see. */
  own: readonly { slug: string; name: string; isRestricted: boolean }[];
  /** How far the accounts were compared with Stripe; null for somebody who may see single funds only. */
  sweep: Pick<ComparedProps, "states" | "mayAsk" | "isAsked"> | null;
  /** Money that waits for its balance transaction, by currency. */
  waiting: readonly { currency: string; waitingMinor: bigint }[];
};

/** `/desk/books`: where the money is, whose it is, and whether all of it is explained. */
export function BooksPage({ frame, places, here, proof, funds, own, waiting, sweep }: BooksPageProps) {
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap books">
        <p class="over">{here?.name ?? ""}</p>
        <h1>{words.title}</h1>
        {here === null ? null : <p class="lead">{words.lead(here.name)}</p>}
        {here === null ? null : <BookPlaces places={places} here={here.slug} path="/desk/books" />}
        {proof === null ? null : <ProofLine proof={proof} timeZone={frame.timeZone} />}
        {here === null ? null : <Ways organisation={here.slug} />}
        <div class="two">
          <section aria-labelledby="funds-heading">
            <h2 id="funds-heading">{words.fundsHeading}</h2>
            {here === null ? (
              <ul role="list" class="shares">
                {own.map(({ slug, name, isRestricted }) => (
                  <li>
                    <a href={`/desk/books/funds/${slug}`}>{name}</a>
                    {isRestricted ? <span class="chip">{words.restricted}</span> : null}
                  </li>
                ))}
              </ul>
            ) : funds.length === 0 ? (
              <p class="soft">{words.nothingYet}</p>
            ) : (
              <FundTable funds={funds} organisation={here.slug} />
            )}
            {waiting.map(({ currency, waitingMinor }) => (
              <p class="tiny soft">{words.waiting(formatMoney({ amountMinor: waitingMinor, currency }))}</p>
            ))}
          </section>
          {proof === null || proof.stripe.state === "not yet" ? null : (
            <section aria-labelledby="stripe-heading">
              <h2 id="stripe-heading">{words.atStripeHeading}</h2>
              <AtStripe stripe={proof.stripe} timeZone={frame.timeZone} />
            </section>
          )}
        </div>
        {here === null || sweep === null ? null : (
          <Compared {...sweep} organisation={here.slug} timeZone={frame.timeZone} />
        )}
        {proof === null ? null : (
          <section aria-labelledby="checks-heading">
            <h2 id="checks-heading">{words.checksHeading}</h2>
            <p class="soft">{words.checksLead}</p>
            <Checks checks={proof.checks} />
          </section>
        )}
      </main>
    </Layout>
  );
}

function ProofLine({ proof, timeZone }: { proof: ProofState; timeZone: string }) {
  const { isGood, stripe, checks } = proof;
  const isWrong = stripe.state === "differs" || checks.some(({ wrong, isPending }) => wrong.length > 0 && !isPending);
  return (
    <Closes isGood={isGood} chip={isGood ? words.proof.good : isWrong ? words.proof.wrong : words.proof.open}>
      <p>
        <b>{stripeInWords(stripe, timeZone)}</b>
      </p>
      <ul role="list">
        <li>{words.proof.bank}</li>
        <li>{words.proof.people}</li>
      </ul>
    </Closes>
  );
}

/** What is known of Stripe's balance, in one sentence. */
function stripeInWords(stripe: StripeState, timeZone: string): string {
  if (stripe.state === "not yet") {
    return stripe.accounts.length === 0 ? words.proof.notYet : words.proof.notYetOf(listInWords(stripe.accounts));
  }
  const moment = momentInWords(stripe.askedAt, timeZone);
  if (stripe.state !== "differs") return words.proof[stripe.state](moment);
  const amounts = stripe.lines
    .filter(({ atStripeMinor, bookedMinor }) => atStripeMinor !== bookedMinor)
    .map(({ atStripeMinor, bookedMinor, currency }) =>
      formatMoney({ amountMinor: bookedMinor - (atStripeMinor ?? 0n), currency }),
    );
  return words.proof.differs(listInWords(amounts), moment);
}

function Ways({ organisation }: { organisation: string }) {
  const { rooms } = words;
  const own = `?organisation=${organisation}`;
  return (
    <nav class="actions ways" aria-label={words.ways}>
      <a class="btn quiet" href={`/desk/books/trial-balance${own}`}>
        {rooms.trial}
      </a>
      <a class="btn quiet" href={`/desk/books/entries${own}`}>
        {rooms.entries}
      </a>
      <a class="btn quiet" href={`/desk/books/payouts${own}`}>
        {rooms.payouts}
      </a>
      <a class="btn quiet" href={`/desk/books/payouts/check${own}`}>
        {rooms.check}
      </a>
      <a class="btn quiet" href={`/board/spot-checks${own}`}>
        {rooms.spotChecks}
      </a>
      <a class="btn quiet" href="/desk/review">
        {rooms.review}
      </a>
    </nav>
  );
}

function FundTable({ funds, organisation }: { funds: readonly FundBalance[]; organisation: string }) {
  const currencies = [...new Set(funds.map(({ currency }) => currency))];
  return (
    <div class="scroll" role="region" aria-label={words.fundsCaption} tabindex={0}>
      <table>
        <caption class="unseen">{words.fundsCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.fundColumns.fund}</th>
            <th scope="col" class="r">
              {words.fundColumns.balance}
            </th>
          </tr>
        </thead>
        <tbody>
          {funds.map(({ fund, name, isRestricted, currency, balanceMinor }) => (
            <tr>
              <th scope="row">
                {fund !== null ? (
                  <a href={`/desk/books/funds/${fund}`}>{name}</a>
                ) : (
                  <a href={entriesAddress(organisation, { fund: noFund })}>{words.unassigned}</a>
                )}
                {isRestricted ? <span class="chip">{words.restricted}</span> : null}
                {currencies.length > 1 ? <span class="chip">{currency}</span> : null}
              </th>
              <td class="r">{formatMoney({ amountMinor: balanceMinor, currency })}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {currencies.map((currency) => (
            <tr>
              <th scope="row">
                {words.allFunds}
                {currencies.length > 1 ? <span class="chip">{currency}</span> : null}
              </th>
              <td class="r">{formatMoney({ amountMinor: totalOf(funds, currency), currency })}</td>
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

function totalOf(funds: readonly FundBalance[], currency: string): bigint {
  return funds.filter((fund) => fund.currency === currency).reduce((sum, fund) => sum + fund.balanceMinor, 0n);
}

function AtStripe({ stripe, timeZone }: { stripe: Exclude<StripeState, { state: "not yet" }>; timeZone: string }) {
  const { atStripeColumns: columns } = words;
  return (
    <>
      <div class="scroll" role="region" aria-label={words.atStripeCaption} tabindex={0}>
        <table>
          <caption class="unseen">{words.atStripeCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.account}</th>
              <th scope="col" class="r">
                {columns.booked}
              </th>
              <th scope="col" class="r">
                {columns.atStripe}
              </th>
              <th scope="col" class="r">
                {columns.difference}
              </th>
            </tr>
          </thead>
          <tbody>
            {stripe.lines.map(({ account, currency, bookedMinor, atStripeMinor }) => (
              <tr>
                <th scope="row">
                  {account} <span class="chip">{currency}</span>
                </th>
                <td class="r">{formatMoney({ amountMinor: bookedMinor, currency })}</td>
                <td class="r">{formatMoney({ amountMinor: atStripeMinor ?? 0n, currency })}</td>
                <td class="r">{formatMoney({ amountMinor: bookedMinor - (atStripeMinor ?? 0n), currency })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="tiny soft">{words.askedAt(momentInWords(stripe.askedAt, timeZone))}</p>
    </>
  );
}

function Checks({ checks }: { checks: readonly ProofCheck[] }) {
  return (
    <div class="scroll" role="region" aria-label={words.checksCaption} tabindex={0}>
      <table class="checks">
        <caption class="unseen">{words.checksCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.checkColumns.what}</th>
            <th scope="col">{words.checkColumns.checked}</th>
            <th scope="col" class="r">
              {words.checkColumns.outcome}
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr>
              <th scope="row">{words.checks[check.name]}</th>
              <td class="soft">{words.subjects[check.name](check.checked)}</td>
              <td class="r">
                <Outcome check={check} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many offenders are named. */
const namedMax = 5;

function Outcome({ check: { name, checked, wrong, isPending } }: { check: ProofCheck }) {
  if (checked === 0 && (name === "balance" || name === "payout")) return <span class="chip">{words.unknown}</span>;
  if (wrong.length === 0) return <span class="chip good">{words.holds}</span>;
  if (isPending) return <span class="chip">{words.pending}</span>;
  return (
    <>
      {wrong.slice(0, namedMax).map(({ subject, currency, expectedMinor, foundMinor }) => {
        const off = foundMinor - expectedMinor;
        const said =
          name === "net" ? words.unequal(Number(off)) : words.wrong(formatMoney({ amountMinor: off, currency }));
        return (
          <span class="off">
            {name === "payout" ? <a href={`/desk/books/payouts/${subject}`}>{subject}</a> : subjectName(subject)}{" "}
            <span class="chip warn">{said}</span>
          </span>
        );
      })}
      {wrong.length > namedMax ? <span class="off soft">+{wrong.length - namedMax}</span> : null}
    </>
  );
}

function subjectName(subject: string): string {
  return subject === noFund ? words.unassigned : subject;
}
