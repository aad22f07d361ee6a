import type { Child } from "hono/jsx";
import { formatMoney } from "../../src/core/money.ts";
import type { DrawnGift, SpotCheck, Tick } from "../../src/core/spot-check.ts";
import { spotCheckWords as words } from "../locales/en/spot-check.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { SpotCheckChip, drawnInWords } from "../parts/spot-check-parts.tsx";
import { dayInWords, momentInWords } from "../parts/when.ts";

export type SpotCheckPageProps = {
  frame: Frame;
  check: SpotCheck;
  gifts: readonly DrawnGift[];
  mode: "sandbox" | "test" | "live";
  /** Whether entries and gifts open for this person. */
  seesDesk: boolean;
  /** Makes a tick that is sent twice harmless; null for whoever only looks. */
  request: string | null;
  /** What was typed when it was refused. */
  typed: { place: string; remark: string };
  notice: string | null;
  refusal: string | null;
};

/** `/board/spot-checks/:id`: what was drawn, each gift with its ids to look for, and its ticks. */
export function SpotCheckPage(props: SpotCheckPageProps) {
  const { frame, check, gifts, notice, refusal } = props;
  const title = words.number(check.id);
  return (
    <Layout frame={frame} title={title} current="board">
      <main id="main" class="wrap spot-checks">
        {refusal === null ? null : (
          <div class="error-summary" role="alert" tabindex={-1} data-focus>
            <p>{refusal}</p>
          </div>
        )}
        {notice === null ? null : <Notice>{notice}</Notice>}
        <p class="over">
          <a href={`/board/spot-checks?organisation=${check.organisation}`}>{words.title}</a> / {check.organisationName}
        </p>
        <h1>{title}</h1>
        <div class={check.found === check.drawn ? "proof" : "proof warn"}>
          <SpotCheckChip check={check} />
          <p>
            <b>{words.counts(check.found, check.differ, check.drawn - check.found - check.differ)}</b>
          </p>
          <p>
            {`${drawnInWords(check)}, ${words.drawnBy(check.drawnBy, momentInWords(check.drawnAt, frame.timeZone))}.`}
          </p>
        </div>
        <p class="lead">{words.how}</p>
        <ol class="drawn" role="list">
          {gifts.map((gift) => (
            <Gift {...props} gift={gift} />
          ))}
        </ol>
      </main>
    </Layout>
  );
}

type GiftProps = SpotCheckPageProps & { gift: DrawnGift };

function Gift(props: GiftProps) {
  const { gift, request, frame } = props;
  const outcome = gift.ticks.at(-1)?.outcome ?? "open";
  return (
    <li id={`gift-${gift.place}`}>
      <h2>
        {words.gift(gift.place)} <span class="num">{formatMoney(gift)}</span>{" "}
        <span class={outcome === "found" ? "chip good" : outcome === "differs" ? "chip warn" : "chip"}>
          {words.outcomes[outcome]}
        </span>
      </h2>
      <div class="two">
        <Facts {...props} />
        <div>
          {gift.ticks.length === 0 ? null : <History ticks={gift.ticks} timeZone={frame.timeZone} />}
          {request === null ? null : gift.ticks.length === 0 ? (
            <TickForm {...props} request={request} />
          ) : (
            <details open={props.typed.place === String(gift.place)}>
              <summary aria-label={words.tickAgainOf(gift.place)}>{words.tickAgain}</summary>
              <TickForm {...props} request={request} />
            </details>
          )}
        </div>
      </div>
    </li>
  );
}

function Facts({ gift, mode, seesDesk }: GiftProps) {
  const { facts } = words;
  return (
    <dl class="facts">
      <Fact label={facts.day}>{dayInWords(gift.countedOn)}</Fact>
      <Fact label={facts.fund}>{gift.fund ?? words.noFund}</Fact>
      {gift.isThroughStripe ? <StripeFacts gift={gift} mode={mode} /> : null}
      <Fact label={facts.entry}>
        {gift.entry === null ? (
          words.notPosted
        ) : seesDesk ? (
          <a href={`/desk/books/entries/${gift.entry.id}`}>{words.entry(gift.entry.number)}</a>
        ) : (
          words.entry(gift.entry.number)
        )}
        {seesDesk ? (
          <>
            {" · "}
            <a href={`/desk/gifts/${gift.payment}`}>{words.openGift}</a>
          </>
        ) : null}
      </Fact>
      <Fact label={facts.bank}>
        {words.bank}
        {gift.isThroughStripe ? null : <span class="under">{words.byHand}</span>}
      </Fact>
    </dl>
  );
}

function StripeFacts({ gift, mode }: Pick<GiftProps, "gift" | "mode">) {
  const { facts } = words;
  const payment = gift.paymentIntent ?? gift.charge;
  return (
    <>
      <Fact label={facts.account}>{gift.account}</Fact>
      <Fact label={facts.charge}>
        <Id id={gift.charge} />
        {mode === "sandbox" || payment === null ? null : (
          <>
            {" "}
            <a
              href={`https://dashboard.stripe.com/${mode === "test" ? "test/" : ""}payments/${payment}`}
              rel="noreferrer"
            >
              {words.atStripe}
            </a>
          </>
        )}
      </Fact>
      {gift.paymentIntent === null ? null : (
        <Fact label={facts.paymentIntent}>
          <Id id={gift.paymentIntent} />
        </Fact>
      )}
      <Fact label={facts.balanceTransaction}>
        <Id id={gift.balanceTransaction} />
      </Fact>
      <Fact label={facts.payout}>
        <Id id={gift.payout} otherwise={words.notPaidOut} />
      </Fact>
    </>
  );
}

function Id({ id, otherwise = words.notKnown }: { id: string | null; otherwise?: string }) {
  return id === null ? <span class="soft">{otherwise}</span> : <span class="id">{id}</span>;
}

function Fact({ label, children }: { label: string; children: Child }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function History({ ticks, timeZone }: { ticks: readonly Tick[]; timeZone: string }) {
  return (
    <>
      <h3>{words.historyHeading}</h3>
      <ol class="ticks" role="list">
        {ticks.map(({ outcome, remark, at, by }) => (
          <li>
            {words.ticked(words.outcomes[outcome], by, momentInWords(at, timeZone))}
            {remark === "" ? null : (
              <span class="under">
                <bdi>{remark}</bdi>
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function TickForm({ gift: { place }, check, request, typed }: GiftProps & { request: string }) {
  const id = `remark-${place}`;
  return (
    <form method="post" action={`/board/spot-checks/${check.id}/ticks`}>
      <input type="hidden" name="place" value={String(place)} />
      <input type="hidden" name="request" value={`${request}-${place}`} />
      <div class="field">
        <label for={id}>{words.remark}</label>
        <p class="hint" id={`${id}-hint`}>
          {words.remarkHint}
        </p>
        <input
          id={id}
          name="remark"
          type="text"
          maxlength={500}
          aria-describedby={`${id}-hint`}
          value={typed.place === String(place) ? typed.remark : ""}
        />
      </div>
      <p class="actions">
        <button class="btn quiet" type="submit" name="outcome" value="found" aria-label={words.foundOf(place)}>
          {words.found}
        </button>
        <button class="btn quiet" type="submit" name="outcome" value="differs" aria-label={words.differsOf(place)}>
          {words.differs}
        </button>
      </p>
    </form>
  );
}
