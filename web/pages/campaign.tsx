import type { Campaign } from "../../src/core/campaign.ts";
import type { CampaignTotal } from "../../src/core/total.ts";
import { giveWords } from "../locales/en/give.ts";
import { shopWords as words } from "../locales/en/shop.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { Markdown, markdownText } from "../parts/markdown.tsx";
import { Picture } from "../parts/picture.tsx";
import { ShopForm, type ShopForm as ShopFormState } from "../parts/shop-form.tsx";
import { dayInWords } from "../parts/when.ts";

export type CampaignPageProps = {
  frame: Frame;
  campaign: Campaign;
  total: CampaignTotal;
  /** Today's local day, to say whether the sale has started and not ended. */
  today: string;
  /** Amounts offered as a gift on top; none when the campaign's account takes no gifts for its fund. */
  giftPresetsMinor: bigint[];
  form: ShopFormState;
};

/** `GET /campaigns/:slug`, and the answer to an order that cannot be taken as typed. */
export function CampaignPage({ frame, campaign, total, today, giftPresetsMinor, form }: CampaignPageProps) {
  const errors: Errors = { ...form.quantityErrors, ...form.errors };
  const failed = Object.values(errors).some((error) => error !== undefined);
  const closed = closedBecause(campaign, today);
  return (
    <Layout
      frame={frame}
      title={failed ? words.errorTitle(campaign.name) : campaign.name}
      current="shop"
      description={markdownText(campaign.description).slice(0, 200)}
    >
      <main id="main" class="wrap">
        {failed ? <ErrorSummary errors={errors} targets={targets(campaign, errors)} /> : null}
        {form.cameBack && !failed ? <Notice>{giveWords.cameBack}</Notice> : null}
        <p class="over">
          {words.soldFor} <a href={`/funds/${campaign.fund.slug}`}>{campaign.fund.name}</a>
        </p>
        <h1>{campaign.name}</h1>
        {campaign.remark === null ? null : <p class="remark">{campaign.remark}</p>}
        <Markdown text={campaign.description} lead />
        <Picture picture={campaign.picture} />
        <div class="promise">
          <h2>{words.promiseHeading}</h2>
          <p>{campaign.promise ?? words.noPromise}</p>
          <p class="soft small">{words.soldSoFar(total.unitsSold)}</p>
        </div>
        {closed !== null ? (
          <p class="panel">{closed}</p>
        ) : campaign.items.length === 0 ? (
          <p class="panel">{words.noItems}</p>
        ) : (
          <ShopForm campaign={campaign} form={form} giftPresetsMinor={giftPresetsMinor} />
        )}
      </main>
    </Layout>
  );
}

function closedBecause({ startsOn, endsOn }: Campaign, today: string): string | null {
  if (startsOn !== null && today < startsOn) return words.notYet(dayInWords(startsOn));
  if (endsOn !== null && today > endsOn) return words.ended(dayInWords(endsOn));
  return null;
}

/** An error about the whole choice leads to the first quantity; one about a quantity to that quantity. */
function targets(campaign: Campaign, errors: Errors): Record<string, string> {
  const item = campaign.items[0];
  const variant = item?.variants[0];
  const first = item === undefined || variant === undefined ? "order" : `q.${item.slug}.${variant.slug}`;
  const own = Object.fromEntries(
    Object.keys(errors)
      .filter((name) => name !== "form")
      .map((name) => [name, name]),
  );
  return { ...own, quantities: first, show: "show-nothing" };
}
