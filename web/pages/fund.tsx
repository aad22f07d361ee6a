import type { NumberName } from "../../src/core/definition.ts";
import type { Campaign } from "../../src/core/campaign.ts";
import type { Fund } from "../../src/core/fund.ts";
import { formatMoney } from "../../src/core/money.ts";
import type { FundTotal, RecentGift } from "../../src/core/total.ts";
import { periodTable, type PeriodRow } from "../charts/period-table.ts";
import { formatCount } from "../locales/en/count.ts";
import { definitionWords } from "../locales/en/definition.ts";
import { fundWords as words } from "../locales/en/fund.ts";
import { giveWords } from "../locales/en/give.ts";
import { HowWeCount } from "../parts/definition.tsx";
import { ErrorSummary, type FormState } from "../parts/field.tsx";
import { Figure, Figures } from "../parts/figure.tsx";
import type { Frame } from "../parts/frame.ts";
import { GiveForm, giveTargets, type GiveValues } from "../parts/give-form.tsx";
import { Layout } from "../parts/layout.tsx";
import { LedgerTable } from "../parts/ledger-table.tsx";
import { Amount } from "../parts/money.tsx";
import { Notice } from "../parts/notice.tsx";
import { Markdown, markdownText } from "../parts/markdown.tsx";
import { Picture } from "../parts/picture.tsx";
import { RecentGifts } from "../parts/recent-gifts.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { dayInWords, momentInWords } from "../parts/when.ts";

export type FundPageProps = {
  frame: Frame;
  fund: Fund;
  total: FundTotal;
  asOf: Date;
  /** The rows behind the number, oldest first. */
  rows: PeriodRow[];
  recent: RecentGift[];
  /** Campaigns that sell something for this fund. */
  campaigns: Pick<Campaign, "slug" | "name">[];
  form: FormState<GiveValues>;
};

const counted: NumberName[] = [
  "given",
  "returned",
  "raised",
  "proceeds",
  "fees",
  "reached",
  "donors",
  "unnamedGifts",
  "supporters",
];

/** `GET /funds/:slug`, and the answer to a give form that cannot be taken as typed. */
export function FundPage(props: FundPageProps) {
  const { frame, fund, total, form } = props;
  const failed = Object.values(form.errors).some((error) => error !== undefined);
  const takesGifts = fund.account !== null;
  return (
    <Layout
      frame={frame}
      title={failed ? words.errorTitle(fund.name) : fund.name}
      current="funds"
      description={markdownText(fund.description).slice(0, 200)}
    >
      <main id="main" class="wrap">
        {failed ? <ErrorSummary errors={form.errors} targets={giveTargets(fund)} /> : null}
        {form.cameBack && !failed ? <Notice>{giveWords.cameBack}</Notice> : null}
        <div class="giving">
          <div class="head">
            <p class="over">{words.runBy(fund.organisations.map((organisation) => organisation.name))}</p>
            <h1>{fund.name}</h1>
            {fund.remark === null ? null : <p class="remark">{fund.remark}</p>}
            <Markdown text={fund.description} lead />
            {fund.restriction === "" ? null : <p class="lead">{words.restricted(fund.restriction)}</p>}
            <Picture picture={fund.picture} />
            {fund.bearsFees ? null : <p class="lead">{words.feesBorneElsewhere}</p>}
            <FundFigures fund={fund} total={total} />
            <Goal fund={fund} raisedMinor={total.raisedMinor} />
            <div class="tiny soft">
              <p>
                {definitionWords.asOf(momentInWords(props.asOf, frame.timeZone))} {definitionWords.opens}{" "}
                <a href="#how-we-count">{definitionWords.heading}</a>
              </p>
              <Waiting total={total} currency={fund.currency} />
            </div>
          </div>
          <div class="form">
            {takesGifts ? <GiveForm fund={fund} form={form} /> : <p class="panel">{giveWords.noOnlineGifts}</p>}
          </div>
          <Behind {...props} />
        </div>
        {takesGifts ? (
          <div class="givebar" data-givebar>
            <a class="btn wide" href="#give">
              {giveWords.jump}
            </a>
          </div>
        ) : null}
      </main>
    </Layout>
  );
}

function FundFigures({ fund, total }: { fund: Fund; total: FundTotal }) {
  const { currency } = fund;
  return (
    <Figures>
      <Figure
        of="raised"
        rows="#months"
        note={fund.firstGiftOn === null ? words.raisedNothing : words.raisedSince(dayInWords(fund.firstGiftOn))}
      >
        <Amount amountMinor={total.raisedMinor} currency={currency} />
      </Figure>
      <Figure of="donors" rows="#months" note={words.donorsAnd(total.unnamedGifts)}>
        {formatCount(total.donors)}
      </Figure>
      <Figure of="reached" rows={null} note={words.reachedNote}>
        <Amount amountMinor={total.reachedMinor} currency={currency} />
      </Figure>
    </Figures>
  );
}

/** How far a fund is on the way to what it needs, in one sentence. */
function Goal({ fund, raisedMinor }: { fund: Fund; raisedMinor: bigint }) {
  const { goalMinor, currency } = fund;
  if (goalMinor === null) return null;
  const goal = formatMoney({ amountMinor: goalMinor, currency });
  if (raisedMinor >= goalMinor) return <p>{words.goalReached(goal)}</p>;
  return <p>{words.goalAhead(goal, formatMoney({ amountMinor: goalMinor - raisedMinor, currency }))}</p>;
}

/** The rows behind the figures, what donors let us show, and the definitions. */
function Behind({ fund, total, rows, recent, campaigns }: FundPageProps) {
  return (
    <div class="rest">
      <section aria-labelledby="months-heading">
        <h2 id="months-heading">{words.monthsHeading}</h2>
        {total.givenMinor === 0n ? null : <p class="small soft">{words.monthsHint}</p>}
        <LedgerTable id="months" table={periodTable(fund.name, rows, total, fund.currency)} long={rows.length > 13} />
      </section>
      <section aria-labelledby="recent-heading">
        <h2 id="recent-heading">{words.recentHeading}</h2>
        {recent.length === 0 ? null : <p class="small soft">{words.recentHint}</p>}
        <RecentGifts gifts={recent} />
      </section>
      {campaigns.length === 0 ? null : (
        <section aria-labelledby="campaigns-heading">
          <h2 id="campaigns-heading">{words.campaignsHeading}</h2>
          <ul class="links" role="list">
            {campaigns.map((campaign) => (
              <li>
                <a href={`/campaigns/${campaign.slug}`}>{words.campaignLink(campaign.name)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <HowWeCount of={counted} />
    </div>
  );
}
