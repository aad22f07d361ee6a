-- The campaigns of the set-up file, with what they sell and what they promise. See 0011.

create function setup_campaigns(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select f.*, fund.id as fund_id, account.id as account_id, fund.currency::text as currency
    from rows from (jsonb_to_recordset(p_setup -> 'campaigns') as (
      slug text, name text, kind text, fund text, account text, description text, remark text,
      "startsOn" date, "endsOn" date, "shippingMinor" bigint
    )) with ordinality as f (
      slug, name, kind, fund, account, description, remark, starts_on, ends_on, shipping_minor, position
    )
    left join fund on fund.slug = f.fund
    left join account on account.slug = f.account
  ), written as (
    insert into campaign as t (
      slug, fund_id, account_id, kind, name, description, remark, currency, starts_on, ends_on, shipping_minor, position
    )
    select
      w.slug, w.fund_id, w.account_id, w.kind, w.name, w.description, w.remark, w.currency, w.starts_on, w.ends_on,
      w.shipping_minor, w.position
    from wanted w
    on conflict (slug) do update set
      fund_id = excluded.fund_id, account_id = excluded.account_id, kind = excluded.kind, name = excluded.name,
      description = excluded.description, remark = excluded.remark, currency = excluded.currency,
      starts_on = excluded.starts_on, ends_on = excluded.ends_on, shipping_minor = excluded.shipping_minor,
      position = excluded.position
    where (
        t.fund_id, t.account_id, t.kind, t.name, t.description, t.remark, t.currency, t.starts_on, t.ends_on,
        t.shipping_minor, t.position
      ) is distinct from (
        excluded.fund_id, excluded.account_id, excluded.kind, excluded.name, excluded.description, excluded.remark,
        excluded.currency, excluded.starts_on, excluded.ends_on, excluded.shipping_minor, excluded.position
      )
    returning t.slug, t.xmax = 0 as made
  )
  select 'campaign', w.slug, setup_outcome(written.made) from wanted w left join written on written.slug = w.slug;
end $$;

create function setup_items(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select campaign.id as campaign_id, campaign.slug || '/' || i.slug as path, i.*
    from jsonb_to_recordset(p_setup -> 'campaigns') as f (slug text, items jsonb)
    join campaign on campaign.slug = f.slug
    cross join lateral rows from (
      jsonb_to_recordset(f.items) as (slug text, name text, description text)
    ) with ordinality as i (slug, name, description, position)
  ), written as (
    insert into item as t (campaign_id, slug, name, description, position)
    select w.campaign_id, w.slug, w.name, coalesce(w.description, ''), w.position from wanted w
    on conflict (campaign_id, slug) do update set
      name = excluded.name, description = excluded.description, position = excluded.position
    where (t.name, t.description, t.position) is distinct from (excluded.name, excluded.description, excluded.position)
    returning t.campaign_id, t.slug, t.xmax = 0 as made
  )
  select 'item', w.path, setup_outcome(written.made)
  from wanted w
  left join written on (written.campaign_id, written.slug::text) = (w.campaign_id, w.slug);
end $$;

-- An item with a price of its own has one variant, `only`, without a name.
create function setup_variants(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select item.id as item_id, campaign.slug || '/' || item.slug || '/' || v.slug as path, v.*
    from jsonb_to_recordset(p_setup -> 'campaigns') as f (slug text, items jsonb)
    join campaign on campaign.slug = f.slug
    cross join lateral jsonb_to_recordset(f.items) as i (slug text, variants jsonb, "priceMinor" bigint)
    join item on item.campaign_id = campaign.id and item.slug = i.slug
    cross join lateral rows from (
      jsonb_to_recordset(coalesce(
        i.variants, jsonb_build_array(jsonb_build_object('slug', 'only', 'name', '', 'priceMinor', i."priceMinor"))
      )) as (slug text, name text, "priceMinor" bigint)
    ) with ordinality as v (slug, name, price_minor, position)
  ), written as (
    insert into variant as t (item_id, slug, name, price_minor, position)
    select w.item_id, w.slug, w.name, w.price_minor, w.position from wanted w
    on conflict (item_id, slug) do update set
      name = excluded.name, price_minor = excluded.price_minor, position = excluded.position
    where (t.name, t.price_minor, t.position) is distinct from (excluded.name, excluded.price_minor, excluded.position)
    returning t.item_id, t.slug, t.xmax = 0 as made
  )
  select 'variant', w.path, setup_outcome(written.made)
  from wanted w
  left join written on (written.item_id, written.slug::text) = (w.item_id, w.slug);
end $$;

-- A promise is never rewritten: another one becomes the campaign's next version.
create function setup_promises(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select campaign.id as campaign_id, campaign.slug, p.*
    from jsonb_to_recordset(p_setup -> 'campaigns') as f (slug text, promise jsonb)
    join campaign on campaign.slug = f.slug
    cross join lateral jsonb_to_record(f.promise) as p (
      basis text, "rateBp" bigint, wording text, "wordedMinor" bigint, "inForceFrom" date
    )
  ), latest as (
    select distinct on (p.campaign_id) p.* from promise p order by p.campaign_id, p.version desc
  ), written as (
    insert into promise (campaign_id, version, in_force_from, basis, rate_bp, wording, worded_minor)
    select w.campaign_id, coalesce(l.version, 0) + 1, w."inForceFrom", w.basis, w."rateBp", w.wording, w."wordedMinor"
    from wanted w
    left join latest l on l.campaign_id = w.campaign_id
    where (l.in_force_from, l.basis, l.rate_bp, l.wording, l.worded_minor) is distinct from
      (w."inForceFrom", w.basis, w."rateBp", w.wording, w."wordedMinor")
    returning campaign_id, version = 1 as made
  )
  select 'promise', w.slug::text, setup_outcome(written.made)
  from wanted w
  left join written on written.campaign_id = w.campaign_id;
end $$;
