import type { Campaign } from "../core/campaign.ts";
import type { ShownPicture } from "../core/picture.ts";
import type { CampaignTotal } from "../core/total.ts";
import type { Sql } from "./connect.ts";

/** A campaign with what its pages need beside it. */
export type CampaignOnSale = {
  campaign: Campaign;
  /** Over all time. */
  total: CampaignTotal;
  /** Gifts offered on top; none where the campaign's account takes no gifts for its fund. */
  giftPresetsMinor: bigint[];
  /** The zone in which the campaign's first and last day begin and end. */
  timeZone: string;
  asOf: Date;
};

type ItemRow = {
  slug: string;
  name: string;
  description: string;
  picture: ShownPicture | null;
  variants: { slug: string; name: string; price: string; left: string | null }[];
};

type CampaignRow = Omit<Campaign, "items"> & {
  items: ItemRow[];
  presets: (string | number)[];
  timeZone: string;
  units: number;
  gross: bigint;
  shipping: bigint;
  fees: bigint | null;
  promised: bigint | null;
  actual: bigint | null;
  asOf: Date;
};

/** The campaigns of funds that anybody may see, in their order. */
export async function listPublicCampaigns(sql: Sql): Promise<CampaignOnSale[]> {
  const rows = await sql<CampaignRow[]>`${campaignRows(sql)} where c.archived_on is null order by c.position, c.id`;
  return rows.map((row) => toCampaign(row));
}

/** A campaign whose fund anybody may see; null for an unknown one and for one of a hidden fund alike. */
export async function findPublicCampaign(sql: Sql, slug: string): Promise<CampaignOnSale | null> {
  const [row] = await sql<CampaignRow[]>`${campaignRows(sql)} where c.slug = ${slug}`;
  return row === undefined ? null : toCampaign(row);
}

// The promise shown is the newest one that has begun, on the organisation's own day.
function campaignRows(sql: Sql) {
  return sql`
    select
      c.slug::text as slug, c.name, c.kind, c.description, c.remark, c.currency::text as currency, a.slug::text as account,
      c.starts_on as "startsOn", case when c.archived_on is null then c.ends_on
        else least(c.ends_on, c.archived_on, local_day(now(), zone.name) - 1) end as "endsOn", c.shipping_minor as "shippingMinor",
      (select jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height, 'shows', pic.shows) from picture pic where pic.id = c.picture) as picture,
      jsonb_build_object('slug', f.slug, 'name', f.name) as fund, zone.name as "timeZone", now() as "asOf",
      case when exists (select from fund_account fa where fa.fund_id = f.id and fa.account_id = a.id)
        then f.presets_minor else '[]' end as presets,
      (
        select p.wording from promise p
        where p.campaign_id = c.id and p.in_force_from <= local_day(now(), zone.name)
        order by p.in_force_from desc, p.version desc limit 1
      ) as promise,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', i.slug, 'name', i.name, 'description', i.description, 'picture', (
          (select jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height, 'shows', pic.shows) from picture pic where pic.id = i.picture)
        ), 'variants', (
          select coalesce(jsonb_agg(jsonb_build_object('slug', v.slug, 'name', v.name, 'price', v.price_minor::text,
            'left', stock_left(v)::text)
            order by v.position, v.id), '[]')
          from variant v where v.item_id = i.id and v.archived_on is null
        )) order by i.position, i.id)
        from item i where i.campaign_id = c.id and i.archived_on is null
      ), '[]') as items,
      sold.units_sold::int as units, sold.gross_minor as gross, sold.shipping_minor as shipping,
      sold.fees_minor as fees, sold.promised_minor as promised, sold.actual_minor as actual
    from campaign c
    join fund f on f.id = c.fund_id and f.is_public
    join account a on a.id = c.account_id
    left join organisation o on o.id = a.organisation_id
    cross join lateral (select case when o.id is null then 'America/Toronto' else time_zone_at(o.id, now()) end as name) zone
    cross join lateral campaign_totals(c.slug, null, null) sold`;
}

function toCampaign({
  items,
  presets,
  timeZone,
  units,
  gross,
  shipping,
  fees,
  promised,
  actual,
  asOf,
  ...campaign
}: CampaignRow): CampaignOnSale {
  return {
    campaign: { ...campaign, items: items.map((item) => toItem(item)) },
    total: {
      unitsSold: units,
      grossMinor: gross,
      shippingMinor: shipping,
      feesMinor: fees,
      promisedMinor: promised,
      actualMinor: actual,
      differenceMinor: promised === null || actual === null ? null : actual - promised,
    },
    giftPresetsMinor: presets.map((minor) => BigInt(minor)),
    timeZone,
    asOf,
  };
}

function toItem({ variants, ...item }: ItemRow): Campaign["items"][number] {
  return {
    ...item,
    variants: variants.map(({ slug, name, price, left }) => ({
      slug,
      name,
      priceMinor: BigInt(price),
      left: left === null ? null : BigInt(left),
    })),
  };
}
