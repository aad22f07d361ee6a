import type { Campaign } from "../../src/core/campaign.ts";
import { formatMoney } from "../../src/core/money.ts";
import type { Fund } from "../../src/core/fund.ts";
import type { CampaignTotal, FundTotal } from "../../src/core/total.ts";
import { formatCount } from "../locales/en/count.ts";
import { definitionWords } from "../locales/en/definition.ts";
import { fundWords as words } from "../locales/en/fund.ts";
import { startWords } from "../locales/en/start.ts";
import { HowWeCount } from "../parts/definition.tsx";
import { Figure, Figures } from "../parts/figure.tsx";
import type { Frame } from "../parts/frame.ts";
import { firstParagraph } from "../parts/markdown.tsx";
import { Layout } from "../parts/layout.tsx";
import { Amount } from "../parts/money.tsx";
import { momentInWords } from "../parts/when.ts";
import { Worded } from "../parts/worded.tsx";

export type FundsPageProps = {
  frame: Frame;
  asOf: Date;
  /** Public funds in their order, each with its figures. */
  funds: { fund: Fund; total: FundTotal }[];
  /** Everything for sale, in its order. */
  campaigns: { campaign: Campaign; total: CampaignTotal }[];
};

/** `GET /`: all public funds and all that is sold for them. */
export function FundsPage({ frame, asOf, funds, campaigns }: FundsPageProps) {
  return (
    <Layout frame={frame} title={words.listTitle} current="funds" description={words.listLead}>
      <main id="main" class="wrap">
        <Worded as="heading" written={frame.wording["funds-heading"]} ours={words.listHeading} />
        <Worded as="lead" written={frame.wording["funds-lead"]} ours={words.listLead} />
        {funds.length === 0 ? <NothingYet frame={frame} /> : null}
        <div class="funds">
          {funds.map((entry) => (
            <FundEntry
              {...entry}
              campaigns={campaigns
                .map(({ campaign }) => campaign)
                .filter((campaign) => campaign.fund.slug === entry.fund.slug)}
            />
          ))}
        </div>
        <p class="tiny soft">{definitionWords.asOf(momentInWords(asOf, frame.timeZone))}</p>
        <section id="shop" aria-labelledby="shop-heading">
          <h2 id="shop-heading">{words.shopHeading}</h2>
          {campaigns.length === 0 ? (
            <p class="soft">{words.shopEmpty}</p>
          ) : (
            <Worded as="soft" written={frame.wording["shop-lead"]} ours={words.shopLead} />
          )}
          <ul class="goods" role="list">
            {campaigns.map((entry) => (
              <CampaignEntry {...entry} />
            ))}
          </ul>
        </section>
        <HowWeCount of={["raised", "donors", "unnamedGifts"]} />
      </main>
    </Layout>
  );
}

/** What to do next, for whoever can; the others are told that there is nothing yet. */
function NothingYet({ frame }: { frame: Frame }) {
  const { nothingYet } = startWords;
  if (frame.staff === null) {
    return (
      <div class="panel">
        <p>{nothingYet.public}</p>
        <a class="btn quiet" href="/sign-in?to=%2Fdesk%2Fstart">
          {nothingYet.signIn}
        </a>
      </div>
    );
  }
  if (!frame.staff.seesDesk) return <p class="panel">{words.listEmpty}</p>;
  return (
    <div class="panel">
      <p>{nothingYet.staff}</p>
      <a class="btn" href="/desk/start">
        {nothingYet.start}
      </a>
    </div>
  );
}

function FundEntry({ fund, total, campaigns }: { fund: Fund; total: FundTotal; campaigns: Campaign[] }) {
  const href = `/funds/${fund.slug}`;
  return (
    <article class="fund" aria-labelledby={`fund-${fund.slug}`}>
      <div>
        <p class="over">{words.runBy(fund.organisations.map((organisation) => organisation.name))}</p>
        <h2 id={`fund-${fund.slug}`}>
          <a href={href}>{fund.name}</a>
        </h2>
        <p>{firstParagraph(fund.description)}</p>
        {campaigns.length === 0 ? null : (
          <ul class="links small" role="list">
            {campaigns.map((campaign) => (
              <li>
                <a href={`/campaigns/${campaign.slug}`}>{words.campaignLink(campaign.name)}</a>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Figures>
        <Figure
          of="raised"
          at={fund.slug}
          rows={`${href}#months`}
          note={total.gifts === 0 ? words.raisedNothing : words.raisedFromGifts(total.gifts)}
        >
          <Amount amountMinor={total.raisedMinor} currency={fund.currency} />
        </Figure>
        <Figure of="donors" at={fund.slug} rows={`${href}#months`} note={words.donorsAnd(total.unnamedGifts)}>
          {formatCount(total.donors)}
        </Figure>
      </Figures>
      {fund.account === null ? null : (
        <a class="btn quiet" href={`${href}#give`} aria-label={words.giveTo(fund.name)}>
          {words.giveShort}
        </a>
      )}
    </article>
  );
}

function CampaignEntry({ campaign, total }: { campaign: Campaign; total: CampaignTotal }) {
  return (
    <li>
      <span>
        <a href={`/campaigns/${campaign.slug}`}>{campaign.name}</a>{" "}
        <span class="soft">{words.shopFor(campaign.fund.name)}</span>
      </span>
      <span class="soft">{words.sold(total.unitsSold)}</span>
      <span class="num">{leastPrice(campaign)}</span>
    </li>
  );
}

/** "$5.00", or "from $5.00" when prices differ. */
function leastPrice({ items, currency }: Campaign): string {
  const prices = items
    .flatMap((item) => item.variants.map((variant) => variant.priceMinor))
    .sort((a, b) => (a < b ? -1 : 1));
  const least = prices[0];
  if (least === undefined) return "";
  const text = formatMoney({ amountMinor: least, currency });
  return prices.at(-1) === least ? text : words.from(text);
}
