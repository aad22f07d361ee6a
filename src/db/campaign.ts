import type { Campaign } from "../core/campaign.ts";
import type { CampaignTotal } from "../core/total.ts";
import type { Sql } from "./connect.ts";

/** A campaign with what its shop page needs beside it. */
export type CampaignPage = Campaign & {
  /** Suggested gifts on top, those of the campaign's fund. */
  presetsMinor: bigint[];
  /** The zone in which the campaign's first and last day begin and end. */
  timeZone: string;
};

type ItemRow = {
  slug: string;
  name: string;
  description: string;
  variants: { slug: string; name: string; price: string }[];
};
type CampaignRow = Omit<CampaignPage, "items" | "presetsMinor"> & { items: ItemRow[]; presets: (string | number)[] };

/** A campaign whose fund anybody may see; null for an unknown one and for one of a hidden fund alike. */
export async function findPublicCampaign(sql: Sql, slug: string): Promise<CampaignPage | null> {
  // The promise in force is the newest one that has begun, on the organisation's own day.
  const [row] = await sql<CampaignRow[]>`
    select c.slug::text as slug, c.name, c.kind, c.description, c.remark, c.currency::text as currency, a.slug::text as account,
      c.starts_on as "startsOn", c.ends_on as "endsOn", c.shipping_minor as "shippingMinor",
      jsonb_build_object('slug', f.slug, 'name', f.name) as fund, f.presets_minor as presets, zone.name as "timeZone",
      (
        select p.wording from promise p
        where p.campaign_id = c.id and p.in_force_from <= (now() at time zone zone.name)::date
        order by p.in_force_from desc, p.version desc limit 1
      ) as promise,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', i.slug, 'name', i.name, 'description', i.description, 'variants', (
          select coalesce(jsonb_agg(jsonb_build_object('slug', v.slug, 'name', v.name, 'price', v.price_minor::text)
            order by v.position, v.id), '[]')
          from variant v where v.item_id = i.id
        )) order by i.position, i.id)
        from item i where i.campaign_id = c.id
      ), '[]') as items
    from campaign c
    join fund f on f.id = c.fund_id and f.is_public
    join account a on a.id = c.account_id
    left join organisation o on o.id = a.organisation_id
    cross join lateral (select coalesce(o.time_zone, 'America/Toronto') as name) zone
    where c.slug = ${slug}`;
  return row === undefined ? null : toCampaign(row);
}

/** A campaign as the list of funds names it: enough for a link. */
export type CampaignLink = { slug: string; name: string; fund: string };

/** Campaigns of public funds, those on sale at the moment first. */
export async function listPublicCampaigns(sql: Sql): Promise<CampaignLink[]> {
  return await sql<CampaignLink[]>`
    select c.slug::text as slug, c.name, f.slug::text as fund
    from campaign c join fund f on f.id = c.fund_id
    where f.is_public
    order by c.position, c.id`;
}

type CampaignTotalRow = { units: number; gross: bigint; shipping: bigint; asOf: Date };

/**
 * What a campaign sold, over all time. Fees, promised, actual and difference are null: only the books will know them.
 */
export async function readCampaignTotal(sql: Sql, slug: string): Promise<CampaignTotal & { asOf: Date }> {
  const [row] = await sql<CampaignTotalRow[]>`
    select units_sold::int as units, gross_minor::bigint as gross, shipping_minor::bigint as shipping, now() as "asOf"
    from campaign_totals(${slug}, null, null)`;
  if (row === undefined) throw new Error("campaign_totals answers one row for every campaign");
  return {
    unitsSold: row.units,
    grossMinor: row.gross,
    shippingMinor: row.shipping,
    feesMinor: null,
    promisedMinor: null,
    actualMinor: null,
    differenceMinor: null,
    asOf: row.asOf,
  };
}

function toCampaign({ items, presets, ...row }: CampaignRow): CampaignPage {
  return {
    ...row,
    presetsMinor: presets.map((minor) => BigInt(minor)),
    items: items.map((item) => ({
      ...item,
      variants: item.variants.map(({ slug, name, price }) => ({ slug, name, priceMinor: BigInt(price) })),
    })),
  };
}
