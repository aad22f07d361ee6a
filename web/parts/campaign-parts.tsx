import { formatMoney } from "../../src/core/money.ts";
import type { CampaignState, ItemState, PromiseState, Setting, VariantState } from "../../src/core/setting.ts";
import { campaignSettingWords as words, itemWords } from "../locales/en/campaign-settings.ts";
import { PicturePart } from "./picture-form.tsx";
import { SettingList } from "./setting-list.tsx";
import { dayInWords } from "./when.ts";

type CampaignPartsProps = {
  /** The page of the campaign. */
  path: string;
  campaign: Setting<CampaignState>;
  currency: string;
  items: readonly Setting<ItemState>[];
  /** Of all items; those of this campaign are found by their subject. */
  variants: readonly Setting<VariantState>[];
  promises: readonly Setting<PromiseState>[];
  picture: string | null;
  shows: string;
};

/** What a campaign has beside its own form: items, promises, a picture. */
export function CampaignParts({
  path,
  campaign,
  currency,
  items,
  variants,
  promises,
  picture,
  shows,
}: CampaignPartsProps) {
  const rows = items.map(({ id, subject, state }) => ({
    id,
    name: state.name,
    href: `${path}/items/${state.slug}`,
    notes: variants
      .filter((variant) => variant.subject.startsWith(`${subject}/`) && variant.state.archivedOn === null)
      .map((variant) => inWords(variant.state, currency)),
    chips: [],
    archived: state.archivedOn !== null,
    closes: true,
  }));
  return (
    <>
      <section aria-labelledby="items-heading">
        <h2 id="items-heading">{words.itemsHeading}</h2>
        {rows.length === 0 ? (
          <p class="panel">{words.itemsEmpty}</p>
        ) : (
          <SettingList kind="item" rows={rows} mayChange />
        )}
        <p class="actions">
          <a class="btn" href={`${path}/items/new`}>
            {itemWords.add}
          </a>
          {campaign.state.archivedOn === null ? (
            <a class="btn quiet" href={`/campaigns/${campaign.subject}`}>
              {words.see}
            </a>
          ) : null}
        </p>
      </section>
      <section aria-labelledby="promises-heading">
        <h2 id="promises-heading">{words.promiseHeading}</h2>
        {promises.length === 0 ? <p class="soft">{words.noPromise}</p> : null}
        <ol class="setting-list" role="list">
          {promises.toReversed().map(({ state }) => (
            <li>
              <div>
                <p>
                  <q>{state.wording}</q>
                </p>
                <p class="small soft">
                  {words.inForce(dayInWords(state.inForceFrom))} · {words.bases[state.basis]} · {state.rateBp / 100}%
                  {state.wordedMinor === null
                    ? ""
                    : ` · ${formatMoney({ amountMinor: BigInt(state.wordedMinor), currency })}`}
                </p>
              </div>
            </li>
          ))}
        </ol>
        <p class="actions">
          <a class="btn quiet" href={`${path}/promise`}>
            {words.promiseAdd}
          </a>
        </p>
      </section>
      <PicturePart path={path} picture={picture} shows={shows} errors={{}} />
    </>
  );
}

/** A size in a few words: "M $25.00, 3 left". */
function inWords({ name, priceMinor, stock }: VariantState, currency: string): string {
  const price = formatMoney({ amountMinor: BigInt(priceMinor), currency });
  const left = stock === null ? "" : stock === 0 ? `, ${itemWords.soldOut}` : `, ${itemWords.left(stock)}`;
  return `${name === "" ? "" : `${name} `}${price}${left}`;
}
