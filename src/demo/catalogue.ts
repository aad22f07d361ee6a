import type { Item, Variant } from "../core/campaign.ts";
import { setupSchema } from "../core/setup.ts";
import type { Setup } from "../core/setup.ts";
import storyFile from "./story.json" with { type: "json" };

/** The story's set-up file, as it stands in the repository: what `npm run setup` would be given. */
export const storyDocument: unknown = storyFile;

/** The same, read. */
const storySetup: Setup = setupSchema.parse(storyFile);

/** A fund of the story as an order names it. */
export function storyFund(slug: string): { slug: string; name: string } {
  const fund = storySetup.funds.find((each) => each.slug === slug);
  if (fund === undefined) throw new RangeError(`the story has no fund ${slug}`);
  return { slug, name: fund.name };
}

/** One thing a buyer can put into the basket. */
export type Ware = { item: Pick<Item, "slug" | "name">; variant: Pick<Variant, "slug" | "name" | "priceMinor"> };

/** A campaign of the story and all that it sells. */
export function storyCampaign(slug: string): {
  slug: string;
  account: string;
  shippingMinor: bigint | null;
  wares: Ware[];
} {
  const campaign = storySetup.campaigns.find((each) => each.slug === slug);
  if (campaign === undefined) throw new RangeError(`the story has no campaign ${slug}`);
  const wares = campaign.items.flatMap((item) => {
    const variants = item.variants ?? [{ slug: onlyVariant, name: "", priceMinor: item.priceMinor ?? 0 }];
    return variants.map((variant) => ({
      item: { slug: item.slug, name: item.name },
      variant: { ...variant, priceMinor: BigInt(variant.priceMinor) },
    }));
  });
  const { account, shippingMinor } = campaign;
  return { slug, account, shippingMinor: shippingMinor === undefined ? null : BigInt(shippingMinor), wares };
}

/** The slug of the one variant of an item without choices; `apply_setup` in the database gives it the same. */
const onlyVariant = "only";
