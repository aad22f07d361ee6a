-- squawk-ignore-file require-concurrent-index-creation
-- What goods cost can be set: where a promise gives what stays after card fees and goods, nothing else can say it.

-- What is sold from its day on is derived anew; the first cost of something holds for all that was sold of it.
create function variant_cost_written() returns trigger language plpgsql as $$
begin
  perform take_ledger_lock();
  insert into dirty_payment (payment_id)
  select distinct s.payment_id from sale s where s.variant_id = new.variant_id and s.occurred_on >= new.since
  on conflict do nothing;
  return null;
end $$;

create trigger variant_cost_written after insert or update on variant_cost
  for each row execute function variant_cost_written();

-- The costs that a set-up names: the first from the beginning, another one from today on.
create function setup_costs(p_setup jsonb) returns void language plpgsql as $$
begin
  insert into variant_cost as known (variant_id, since, cost_minor)
  select t.id, day.since, (v ->> 'costMinor')::bigint
  from jsonb_array_elements(coalesce(p_setup -> 'campaigns', '[]')) f
  join campaign c on c.slug = f ->> 'slug'
  join account a on a.id = c.account_id
  cross join lateral jsonb_array_elements(coalesce(f -> 'items', '[]')) i
  join item on item.campaign_id = c.id and item.slug = i ->> 'slug'
  cross join lateral jsonb_array_elements(coalesce(i -> 'variants', jsonb_build_array(i || '{"slug": "only"}'))) v
  join variant t on t.item_id = item.id and t.slug = v ->> 'slug'
  cross join lateral (
    select case
      when exists (select from variant_cost k where k.variant_id = t.id) then organisation_day(a.organisation_id, now())
      else '0001-01-01'
    end as since
  ) day
  where v ->> 'costMinor' is not null
    and (v ->> 'costMinor')::bigint is distinct from cost_of_goods(t.id, organisation_day(a.organisation_id, now()))
  on conflict (variant_id, since) do update set cost_minor = excluded.cost_minor;
end $$;

-- As in 0016, and with what each costs.
create or replace function setup_variants(p_setup jsonb) returns setof setup_step language plpgsql as $$
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
  perform setup_costs(p_setup);
end $$;

-- As before, a variant with what it costs today (null: never said).
alter function settings_now() rename to settings_but_costs;
create function settings_now() returns table (kind text, id text, subject text, state jsonb) language sql stable as $$
  select
    s.kind, s.id, s.subject,
    case s.kind
      when 'variant' then s.state || jsonb_build_object('costMinor', (
        select k.cost_minor from variant_cost k where k.variant_id = s.id::bigint order by k.since desc limit 1
      ))
      else s.state
    end
  from settings_but_costs() s
$$;
