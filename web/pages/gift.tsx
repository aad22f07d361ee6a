import type { Child } from "hono/jsx";
import type { OpenedPart, OpenedPayment, OpenedReturn } from "../../src/core/gift-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { giftListWords } from "../locales/en/gift-list.ts";
import { correctionWords, moneyWords } from "../locales/en/money.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { VoidForm } from "../parts/void-form.tsx";
import { dayInWords } from "../parts/when.ts";

const words = giftListWords.one;

export type GiftPageProps = {
  frame: Frame;
  payment: OpenedPayment;
  mode: "sandbox" | "test" | "live";
  /** What was just done. */
  notice: string | null;
  /** Where all that the books say of it stands; null for whoever may not see these. */
  entries: string | null;
  /** Makes a void that is sent twice harmless; null for whoever keeps no money. */
  request: string | null;
};

/** `/desk/gifts/:payment`: one payment, its parts and what went back of them. */
export function GiftPage({ frame, payment, mode, notice, request, entries }: GiftPageProps) {
  const { state, kind } = payment;
  return (
    <Layout frame={frame} title={headingOf(payment)} current="desk">
      <main id="main" class="wrap gift">
        {notice === null ? null : <Notice>{notice}</Notice>}
        <p class="over">
          <a href="/desk/gifts">{words.back}</a> / {`#${payment.id}`}
        </p>
        <h1>{headingOf(payment)}</h1>
        <div class={state === "succeeded" ? "proof" : "proof warn"}>
          <span class={state === "succeeded" ? "chip good" : "chip warn"}>{words.chips[state]}</span>
          <p>{(kind === null ? undefined : words.other[kind]) ?? words.states[state]}</p>
        </div>
        <div class="two">
          <section aria-labelledby="parts-heading">
            <h2 id="parts-heading">{words.parts}</h2>
            <Parts payment={payment} />
            {request === null || state !== "succeeded" ? null : <Deeds payment={payment} request={request} />}
          </section>
          <section aria-labelledby="whose-heading">
            <h2 id="whose-heading">{words.whose}</h2>
            <Facts payment={payment} mode={mode} entries={entries} />
          </section>
        </div>
        <section aria-labelledby="returns-heading">
          <h2 id="returns-heading">{words.returns}</h2>
          {payment.returns.length === 0 ? <p class="soft">{words.noReturns}</p> : <Returns returns={payment.returns} />}
        </section>
      </main>
    </Layout>
  );
}

/** What can be done about it: gifts are corrected, and what was recorded by hand is voided. */
function Deeds({ payment, request }: { payment: OpenedPayment; request: string }) {
  const { id, key, kind, account, parts } = payment;
  const isNoGift = kind === "other income" || kind === "not ours";
  const gifts = isNoGift ? ["whole"] : parts.filter((part) => part.kind === "gift").map(({ part }) => part);
  return (
    <>
      {gifts.map((part) => (
        <p>
          <a class="btn quiet" href={`/desk/gifts/${id}/correct/${part}`}>
            {correctionWords.button}
          </a>
        </p>
      ))}
      {account === null ? <VoidForm of={{ payment: key }} request={request} label={moneyWords.voidIt} /> : null}
    </>
  );
}

function headingOf({ amountMinor, currency, occurredOn }: OpenedPayment): string {
  const amount =
    amountMinor === null || currency === null ? words.unknownAmount : formatMoney({ amountMinor, currency });
  return occurredOn === null ? amount : words.heading(amount, dayInWords(occurredOn));
}

function Parts({ payment: { parts } }: { payment: OpenedPayment }) {
  const { columns } = words;
  if (parts.length === 0) return <p class="soft">—</p>;
  const [first] = parts;
  const total = (of: (part: OpenedPart) => bigint): bigint => parts.reduce((sum, part) => sum + of(part), 0n);
  const isSummed = parts.length > 1 && parts.every(({ amountMinor }) => amountMinor !== null);
  return (
    <div class="scroll" role="region" aria-label={words.partsTable} tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.what}</th>
            <th scope="col">{columns.fund}</th>
            <th scope="col" class="r">
              {columns.amount}
            </th>
            <th scope="col" class="r">
              {columns.returned}
            </th>
            <th scope="col" class="r">
              {columns.left}
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Part part={part} />
          ))}
        </tbody>
        {isSummed && first !== undefined ? (
          <tfoot>
            <tr>
              <th scope="row">{words.sum}</th>
              <td></td>
              <td class="r">{money(total(paidOf), first.currency)}</td>
              <td class="r">{money(-total(returnedOf), first.currency)}</td>
              <td class="r">{money(total(paidOf) - total(returnedOf), first.currency)}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

const paidOf = ({ amountMinor }: OpenedPart): bigint => amountMinor ?? 0n;
const returnedOf = ({ returnedMinor }: OpenedPart): bigint => returnedMinor;

function Part({ part }: { part: OpenedPart }) {
  const { kind, description, quantity, amountMinor, returnedMinor, currency } = part;
  return (
    <tr>
      <th scope="row">
        {kind === "sale" ? (description ?? words.kinds.sale) : words.kinds[kind]}
        {kind === "sale" && quantity > 1 ? ` × ${quantity}` : ""}
      </th>
      <td>
        {part.fund ?? <span class="soft">{kind === "gift" ? giftListWords.unassigned : "—"}</span>}
        {part.campaign === null ? null : <span class="under">{part.campaign}</span>}
      </td>
      <td class="r">{money(amountMinor, currency)}</td>
      <td class="r">{returnedMinor === 0n ? "" : money(-returnedMinor, currency)}</td>
      <td class="r">{money(amountMinor === null ? null : amountMinor - returnedMinor, currency)}</td>
    </tr>
  );
}

function Returns({ returns }: { returns: readonly OpenedReturn[] }) {
  const { returnColumns: columns } = words;
  const [first] = returns;
  const isKnown = returns.every(({ amountMinor }) => amountMinor !== null);
  const sum = returns.reduce((all, { amountMinor }) => all + (amountMinor ?? 0n), 0n);
  return (
    <div class="scroll" role="region" aria-label={words.returnsTable} tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.what}</th>
            <th scope="col">{columns.day}</th>
            <th scope="col">{columns.fund}</th>
            <th scope="col">{columns.id}</th>
            <th scope="col" class="r">
              {columns.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {returns.map((one) => (
            <tr>
              <th scope="row">{words.returnKinds[one.kind]}</th>
              <td>
                {dayInWords(one.occurredOn)}
                {one.countedOn === one.occurredOn ? null : (
                  <span class="under">{giftListWords.countedOn(dayInWords(one.countedOn))}</span>
                )}
              </td>
              <td>{one.fund ?? <span class="soft">—</span>}</td>
              <td class="id">{one.returnId}</td>
              <td class="r">{money(one.amountMinor === null ? null : -one.amountMinor, one.currency)}</td>
            </tr>
          ))}
        </tbody>
        {returns.length > 1 && isKnown && first !== undefined ? (
          <tfoot>
            <tr>
              <th scope="row">{words.returnsSum}</th>
              <td colspan={3}></td>
              <td class="r">{money(-sum, first.currency)}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

function Facts({ payment, mode, entries }: Pick<GiftPageProps, "payment" | "mode" | "entries">) {
  const { facts } = words;
  const { occurredOn, countedOn, every } = payment;
  const isCash = payment.key.startsWith("cash_");
  return (
    <dl class="facts">
      <Fact label={facts.name}>{payment.name === null ? giftListWords.nobody : <bdi>{payment.name}</bdi>}</Fact>
      <Fact label={facts.email}>{payment.email === null ? null : <bdi>{payment.email}</bdi>}</Fact>
      <Fact label={facts.note}>{payment.note === null ? null : <q dir="auto">{payment.note}</q>}</Fact>
      <Fact label={facts.day}>{occurredOn === null ? null : dayInWords(occurredOn)}</Fact>
      <Fact label={facts.countedOn}>
        {countedOn === null || countedOn === occurredOn ? null : dayInWords(countedOn)}
      </Fact>
      <Fact label={facts.organisation}>{payment.organisation}</Fact>
      <Fact label={facts.way}>{isCash ? words.byHand : words.throughStripe}</Fact>
      <Fact label={facts.account}>{payment.account}</Fact>
      <Fact label={facts.every}>{every === null ? null : (giftListWords.every[every] ?? giftListWords.repeats)}</Fact>
      <Fact label={facts.order}>{payment.order === null ? null : <span class="id">{payment.order}</span>}</Fact>
      <Fact label={facts.id}>
        <span class="id">{payment.key}</span>
        {isCash || mode === "sandbox" ? null : (
          <>
            {" "}
            <a
              href={`https://dashboard.stripe.com/${mode === "test" ? "test/" : ""}payments/${payment.key}`}
              rel="noreferrer"
            >
              {words.atStripe}
            </a>
          </>
        )}
      </Fact>
      <Fact label={facts.number}>{`#${payment.id}`}</Fact>
      <Fact label={facts.books}>{entries === null ? null : <a href={entries}>{words.itsEntries}</a>}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: Child }) {
  if (children === null) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function money(amountMinor: bigint | null, currency: string): string {
  return amountMinor === null ? "—" : formatMoney({ amountMinor, currency });
}
