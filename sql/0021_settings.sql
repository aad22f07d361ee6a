-- squawk-ignore-file adding-foreign-key-constraint
-- The columns that refer to pictures are new and so empty: there is nothing to scan.

-- Settings as the desk changes them: what organisations, funds, campaigns and items have beside the set-up file's first
-- fields, and the functions that change, move, archive and rename. Each is one call and leaves its trace in `change`.

-- Pictures stand in the database, so that one backup holds all. The number is made of the content.
create table picture (
  id text primary key constraint a_picture_is_named_by_its_content check (id ~ '^[0-9a-f]{32}$'),
  type text not null constraint a_picture_is_png_jpeg_or_webp check (type in ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null constraint a_picture_is_at_most_300_kb check (octet_length(bytes) between 1 and 307200),
  width bigint not null constraint a_picture_has_a_width check (width between 1 and 6000),
  height bigint not null constraint a_picture_has_a_height check (height between 1 and 6000),
  shows text not null,
  made_at timestamptz not null default now()
);

alter table organisation
  add column registration_number text,
  add column accent text constraint an_accent_is_a_colour check (accent ~ '^#[0-9a-f]{6}$'),
  add column picture text references picture,
  add column languages jsonb not null default '["en"]',
  add column archived_on date;

-- The fiscal year of an organisation begins on the first of this month, since a day; without a row, in January. The time
-- zone stands on the organisation and is fixed by its first payment.
create table organisation_calendar (
  organisation_id bigint not null references organisation,
  since date not null,
  fiscal_year_start bigint not null constraint a_fiscal_year_starts_in_a_month check (fiscal_year_start between 1 and 12),
  primary key (organisation_id, since)
);

create function fiscal_year_start(p_organisation_id bigint, p_day date) returns bigint language sql stable as $$
  select coalesce((
    select c.fiscal_year_start from organisation_calendar c
    where c.organisation_id = p_organisation_id and c.since <= p_day
    order by c.since desc limit 1
  ), 1)
$$;

alter table account add column name text not null default '', add column archived_on date;

alter table fund
  add column restriction text not null default '',
  add column goal_minor minor_units constraint a_goal_is_positive check (goal_minor > 0),
  add column lasting boolean not null default true,
  add column picture text references picture;

alter table campaign add column picture text references picture, add column archived_on date;

alter table item add column picture text references picture, add column archived_on date;

-- How many there still are; null for as many as anybody wants.
alter table variant
  add column stock bigint constraint stock_is_never_oversold check (stock >= 0),
  add column archived_on date;

-- What an order has taken off the shelf. It goes back when the order was not paid in time.
create table stock_hold (
  order_id text not null,
  variant_id bigint not null references variant,
  quantity bigint not null constraint a_hold_is_positive check (quantity > 0),
  held_at timestamptz not null default now(),
  primary key (order_id, variant_id)
);
create index stock_hold_by_variant on stock_hold (variant_id);

-- Words of a page that staff wrote in place of ours; the keys are those of core.
create table wording (
  language text not null constraint a_language_is_a_short_code check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  key text not null,
  words text not null,
  primary key (language, key)
);

-- Everything that can be set, a row each, as the trail of changes keeps it.
create function settings_now() returns table (kind text, id text, subject text, state jsonb) language sql stable as $$
  select 'organisation', o.id::text, o.slug::text, jsonb_build_object(
    'slug', o.slug, 'name', o.name, 'legalName', o.legal_name, 'address', o.address, 'contact', o.contact,
    'currency', o.currency, 'timeZone', o.time_zone, 'registrationNumber', o.registration_number, 'accent', o.accent,
    'picture', o.picture, 'languages', o.languages, 'archivedOn', o.archived_on, 'position', o.position,
    'fiscalYear', (
      select jsonb_agg(jsonb_build_object('since', c.since, 'startsIn', c.fiscal_year_start) order by c.since)
      from organisation_calendar c where c.organisation_id = o.id
    ),
    'organisations', jsonb_build_array(o.slug)
  )
  from organisation o
  union all
  select 'account', a.id::text, a.slug::text, jsonb_build_object(
    'slug', a.slug, 'name', a.name, 'stripeAccount', a.stripe_account_id, 'settlesIn', to_jsonb(a.settles_in),
    'archivedOn', a.archived_on, 'position', a.position, 'organisations', jsonb_build_array(o.slug)
  )
  from account a left join organisation o on o.id = a.organisation_id
  union all
  select 'fund', f.id::text, f.slug::text, jsonb_build_object(
    'slug', f.slug, 'name', f.name, 'description', f.description, 'remark', f.remark, 'public', f.is_public,
    'bearsFees', f.bears_fees, 'generalOf', general.slug, 'currency', f.currency, 'presetsMinor', f.presets_minor,
    'goalMinor', f.goal_minor, 'restriction', f.restriction, 'lasting', f.lasting, 'picture', f.picture,
    'archivedOn', f.archived_on, 'position', f.position, 'accounts', through.accounts, 'organisations', through.organisations
  )
  from fund f
  left join organisation general on general.id = f.general_of
  cross join lateral (
    select
      coalesce(jsonb_agg(a.slug order by fa.position, a.id), '[]') as accounts,
      coalesce(jsonb_agg(distinct o.slug) filter (where o.slug is not null), '[]') as organisations
    from fund_account fa
    join account a on a.id = fa.account_id
    left join organisation o on o.id = a.organisation_id
    where fa.fund_id = f.id
  ) through
  union all
  select 'campaign', c.id::text, c.slug::text, jsonb_build_object(
    'slug', c.slug, 'name', c.name, 'description', c.description, 'remark', c.remark, 'currency', c.currency, 'fund', f.slug, 'account', a.slug,
    'startsOn', c.starts_on, 'endsOn', c.ends_on, 'shippingMinor', c.shipping_minor, 'picture', c.picture,
    'archivedOn', c.archived_on, 'position', c.position, 'organisations', own.organisations
  )
  from campaign c
  join fund f on f.id = c.fund_id
  join account a on a.id = c.account_id
  cross join lateral (
    select jsonb_build_array(o.slug) as organisations from (select) one left join organisation o on o.id = a.organisation_id
  ) own
  union all
  select 'item', i.id::text, c.slug || '/' || i.slug, jsonb_build_object(
    'slug', i.slug, 'name', i.name, 'description', i.description, 'picture', i.picture, 'archivedOn', i.archived_on,
    'position', i.position, 'organisations', jsonb_build_array(o.slug)
  )
  from item i
  join campaign c on c.id = i.campaign_id
  join account a on a.id = c.account_id
  left join organisation o on o.id = a.organisation_id
  union all
  select 'variant', v.id::text, c.slug || '/' || i.slug || '/' || v.slug, jsonb_build_object(
    'slug', v.slug, 'name', v.name, 'currency', c.currency, 'priceMinor', v.price_minor, 'stock', v.stock, 'archivedOn', v.archived_on,
    'position', v.position, 'organisations', jsonb_build_array(o.slug)
  )
  from variant v
  join item i on i.id = v.item_id
  join campaign c on c.id = i.campaign_id
  join account a on a.id = c.account_id
  left join organisation o on o.id = a.organisation_id
  union all
  select 'promise', p.id::text, c.slug || ' version ' || p.version, jsonb_build_object(
    'version', p.version, 'inForceFrom', p.in_force_from, 'basis', p.basis, 'rateBp', p.rate_bp, 'wording', p.wording,
    'currency', c.currency, 'wordedMinor', p.worded_minor, 'organisations', jsonb_build_array(o.slug)
  )
  from promise p
  join campaign c on c.id = p.campaign_id
  join account a on a.id = c.account_id
  left join organisation o on o.id = a.organisation_id
  union all
  select 'sorting rule', r.id::text, a.slug || ': ' || r.description, jsonb_build_object(
    'account', a.slug, 'description', r.description, 'becomes', r.becomes, 'fund', f.slug, 'position', r.position,
    'organisations', jsonb_build_array(o.slug)
  )
  from sorting_rule r
  join account a on a.id = r.account_id
  left join organisation o on o.id = a.organisation_id
  left join fund f on f.id = r.fund_id
  union all
  select 'words', w.language || '/' || w.key, w.language || '/' || w.key, jsonb_build_object('words', w.words)
  from wording w
$$;

create function remembered_settings() returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(to_jsonb(s)), '[]') from settings_now() s
$$;

-- What became of each setting since it was remembered.
create function settings_changed(p_before jsonb)
returns table (kind text, id text, subject text, deed text, before jsonb, after jsonb) language sql stable as $$
  select
    kind, id, coalesce(a.subject, b.subject),
    case
      when b.state is null then 'made'
      when a.state is null then 'removed'
      when b.state - 'position' = a.state - 'position' then 'moved'
      when b.state -> 'archivedOn' = 'null' and a.state -> 'archivedOn' <> 'null' then 'archived'
      when b.state -> 'archivedOn' <> 'null' and a.state -> 'archivedOn' = 'null' then 'opened again'
      else 'changed'
    end,
    b.state, a.state
  from jsonb_to_recordset(p_before) b (kind text, id text, subject text, state jsonb)
  full join settings_now() a using (kind, id)
  where b.state is distinct from a.state
$$;

create function record_settings(p_staff jsonb, p_before jsonb) returns void language plpgsql as $$
begin
  perform record_change(p_staff, c.deed, c.kind, c.subject, c.before, c.after)
  from settings_changed(p_before) c
  order by c.kind, c.subject;
end $$;

-- The text that a row of the document says under a key, or what it was where the row does not say it.
create function said(p_row jsonb, p_key text, p_had text) returns text language sql immutable parallel safe as $$
  select case when p_row ? p_key then p_row ->> p_key else p_had end
$$;

-- The day after today, wherever on earth: what is paid to a fund before the day it was archived on is its gift.
create function day_after_today() returns date language sql stable as $$
  select (now() at time zone 'Pacific/Kiritimati')::date + 1
$$;

create function archived_since(p_row jsonb, p_had date, p_day date) returns date language sql immutable parallel safe as $$
  select case when not p_row ? 'archived' then p_had when (p_row ->> 'archived')::boolean then coalesce(p_had, p_day) end
$$;

-- What the set-up document says beside the fields of 0011 and 0016. What it leaves out stays as it is.
create function setup_details(p_setup jsonb) returns void language plpgsql as $$
begin
  update organisation o
  set registration_number = said(f, 'registrationNumber', o.registration_number), accent = said(f, 'accent', o.accent),
    languages = coalesce(f -> 'languages', o.languages)
  from jsonb_array_elements(coalesce(p_setup -> 'organisations', '[]')) f
  where o.slug = f ->> 'slug';

  insert into organisation_calendar as t (organisation_id, since, fiscal_year_start)
  select o.id, day.since, (f #>> '{fiscalYear,startsIn}')::bigint
  from jsonb_array_elements(coalesce(p_setup -> 'organisations', '[]')) f
  join organisation o on o.slug = f ->> 'slug'
  cross join lateral (
    select coalesce(
      (f #>> '{fiscalYear,since}')::date,
      case when exists (select from organisation_calendar c where c.organisation_id = o.id)
        then local_day(now(), o.time_zone) else '0001-01-01' end
    ) as since
  ) day
  where f ? 'fiscalYear' and fiscal_year_start(o.id, day.since) <> (f #>> '{fiscalYear,startsIn}')::bigint
  on conflict (organisation_id, since) do update set fiscal_year_start = excluded.fiscal_year_start;

  update account a
  set name = coalesce(f ->> 'name', a.name)
  from jsonb_array_elements(coalesce(p_setup -> 'accounts', '[]')) f
  where a.slug = f ->> 'slug';

  update fund t
  set restriction = coalesce(said(f, 'restriction', t.restriction), ''), goal_minor = said(f, 'goalMinor', t.goal_minor::text)::bigint,
    lasting = coalesce(said(f, 'lasting', t.lasting::text)::boolean, true),
    archived_on = archived_since(f, t.archived_on, day_after_today())
  from jsonb_array_elements(coalesce(p_setup -> 'funds', '[]')) f
  where t.slug = f ->> 'slug';

  update campaign t
  set archived_on = archived_since(f, t.archived_on, current_date)
  from jsonb_array_elements(coalesce(p_setup -> 'campaigns', '[]')) f
  where t.slug = f ->> 'slug';

  update item t
  set archived_on = archived_since(i, t.archived_on, current_date)
  from jsonb_array_elements(coalesce(p_setup -> 'campaigns', '[]')) f
  join campaign c on c.slug = f ->> 'slug'
  cross join lateral jsonb_array_elements(coalesce(f -> 'items', '[]')) i
  where t.campaign_id = c.id and t.slug = i ->> 'slug';

  update variant t
  set stock = said(v, 'stock', t.stock::text)::bigint, archived_on = archived_since(v, t.archived_on, current_date)
  from jsonb_array_elements(coalesce(p_setup -> 'campaigns', '[]')) f
  join campaign c on c.slug = f ->> 'slug'
  cross join lateral jsonb_array_elements(coalesce(f -> 'items', '[]')) i
  join item on item.campaign_id = c.id and item.slug = i ->> 'slug'
  cross join lateral jsonb_array_elements(coalesce(i -> 'variants', jsonb_build_array(i || '{"slug": "only"}'))) v
  where t.item_id = item.id and t.slug = v ->> 'slug';
end $$;

-- A document of the desk names single things, so that its order means nothing: what was there keeps its place, what is
-- new comes last.
create function keep_order(p_before jsonb) returns void language plpgsql as $$
declare
  v_table text;
begin
  foreach v_table in array array['organisation', 'account', 'fund', 'campaign', 'item', 'variant', 'sorting_rule'] loop
    execute format($statement$
      update %1$I t
      set position = place.position
      from (
        select now.id, coalesce((b.state ->> 'position')::bigint, last.position + row_number() over (order by now.position, now.id)) as position
        from %1$I now
        left join jsonb_to_recordset($1) b (kind text, id text, state jsonb) on b.kind = $2 and b.id = now.id::text
        cross join (
          select coalesce(max((state ->> 'position')::bigint), 0) as position
          from jsonb_to_recordset($1) b (kind text, state jsonb) where b.kind = $2
        ) last
      ) place
      where place.id = t.id and place.position <> t.position
    $statement$, v_table) using p_before, replace(v_table, '_', ' ');
  end loop;
end $$;

-- The desk's form names all accounts of a fund: one that it leaves out takes part no longer, unless money came through it.
create function leave_funds(p_setup jsonb) returns void language plpgsql as $$
declare
  v_left record;
begin
  for v_left in
    select fa.fund_id, fa.account_id, fund.slug as fund, account.slug as account
    from jsonb_array_elements(coalesce(p_setup -> 'funds', '[]')) f
    join fund on fund.slug = f ->> 'slug'
    join fund_account fa on fa.fund_id = fund.id
    join account on account.id = fa.account_id
    where not f -> 'accounts' ? account.slug
  loop
    if exists (select from gift g where g.fund_id = v_left.fund_id and g.account_id = v_left.account_id)
      or exists (select from campaign c where c.fund_id = v_left.fund_id and c.account_id = v_left.account_id)
      or exists (select from sorting_rule r where r.fund_id = v_left.fund_id and r.account_id = v_left.account_id)
    then
      raise exception 'account % has gifts, a campaign or a sorting rule for fund %: it stays', v_left.account, v_left.fund
        using errcode = 'check_violation';
    end if;
    delete from fund_account where fund_id = v_left.fund_id and account_id = v_left.account_id;
  end loop;
end $$;

create function refuse_settings(p_setup jsonb) returns void language plpgsql as $$
declare
  v_refusal text;
begin
  select format('%s was an earlier address of fund %s: choose another', a.slug, fund.slug) into v_refusal
  from jsonb_array_elements(coalesce(p_setup -> 'funds', '[]')) f
  join fund_alias a on a.slug = f ->> 'slug'
  join fund on fund.id = a.fund_id and fund.slug <> a.slug
  where not exists (select from fund had where had.slug = f ->> 'slug')
  limit 1;
  if v_refusal is not null then
    raise exception '%', v_refusal using errcode = 'check_violation';
  end if;
end $$;

create or replace function setup_promises(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select campaign.id as campaign_id, campaign.slug, p.*
    from jsonb_to_recordset(p_setup -> 'campaigns') as f (slug text, promise jsonb)
    join campaign on campaign.slug = f.slug
    cross join lateral jsonb_to_record(f.promise) as p (
      basis text, "rateBp" bigint, wording text, "wordedMinor" bigint, "inForceFrom" date
    )
    where f.promise is not null
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

-- Applies a set-up file whole, or by an exception nothing of it, and writes into the trail what it changed. A document of
-- the desk says "keepOrder": it may name single things, and under "parts" campaigns by slug with nothing but their items
-- or promise.
drop function apply_setup(jsonb);
create function apply_setup(p_setup jsonb, p_staff jsonb default '{"id": "set-up file", "name": "set-up file"}')
returns setof setup_step language plpgsql as $$
declare
  v_before jsonb;
  v_done setup_step[];
  v_without text;
  v_parts jsonb := jsonb_build_object('campaigns', coalesce(p_setup -> 'campaigns', '[]') || coalesce(p_setup -> 'parts', '[]'));
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  perform refuse_setup(p_setup);
  perform refuse_settings(p_setup);
  -- One statement each, so that each sees what the ones before it made.
  v_done := array(select s from setup_organisations(p_setup) s);
  v_done := v_done || array(select s from setup_accounts(p_setup) s);
  v_done := v_done || array(select s from setup_funds(p_setup) s);
  v_done := v_done || array(select s from setup_fund_accounts(p_setup) s);
  v_done := v_done || array(select s from setup_campaigns(p_setup) s);
  v_done := v_done || array(select s from setup_items(v_parts) s);
  v_done := v_done || array(select s from setup_variants(v_parts) s);
  v_done := v_done || array(select s from setup_promises(v_parts) s);
  v_done := v_done || array(select s from setup_sorting_rules(p_setup) s);
  perform setup_details(p_setup || v_parts);
  if p_setup ? 'keepOrder' then
    perform keep_order(v_before);
    perform leave_funds(p_setup);
  end if;

  select o.slug into v_without
  from organisation o
  where not exists (select from fund f where f.general_of = o.id)
  order by o.position, o.id
  limit 1;
  if v_without is not null then
    raise exception 'organisation % would be left without a general fund', v_without using errcode = 'check_violation';
  end if;
  v_done := array(
    select row(d.kind, d.name, case when d.outcome = 'unchanged' and c.id is not null then 'changed' else d.outcome end)::setup_step
    from unnest(v_done) with ordinality d (kind, name, outcome, place)
    left join settings_changed(v_before) c on c.kind = d.kind and c.subject = d.name
    order by d.place
  );
  if exists (select from unnest(v_done) d where d.outcome <> 'unchanged') then
    perform mark_for_setup();
  end if;
  perform record_settings(p_staff, v_before);
  return query select d.kind, d.name, d.outcome from unnest(v_done) d;
end $$;

-- Closes something, or opens it again. Nothing is deleted: what it had stays where it is.
create function archive_setting(p_kind text, p_id bigint, p_archived boolean, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_refusal text;
  v_day date;
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  v_day := case when not p_archived then null when p_kind = 'fund' then day_after_today() else current_date end;
  if p_archived then
    v_refusal := case p_kind
      when 'organisation' then (
        select format('fund %s is still open: archive it first', f.slug)
        from fund f
        where f.archived_on is null and f.general_of is distinct from p_id and exists (
          select from fund_account fa join account a on a.id = fa.account_id where fa.fund_id = f.id and a.organisation_id = p_id
        )
        order by f.position, f.id
        limit 1
      )
      when 'account' then coalesce((
        select format('fund %s takes its gifts through this account: choose another there first', f.slug)
        from fund f
        where f.archived_on is null and p_id = (
          select fa.account_id from fund_account fa where fa.fund_id = f.id order by fa.position, fa.account_id limit 1
        )
        order by f.position, f.id
        limit 1
      ), (
        select format('campaign %s is paid into this account: archive it first', c.slug)
        from campaign c where c.archived_on is null and c.account_id = p_id limit 1
      ))
      when 'fund' then coalesce((
        select format('this is the general fund of organisation %s, which always has one', o.slug)
        from fund f join organisation o on o.id = f.general_of where f.id = p_id
      ), (
        select format('campaign %s still sells for this fund: archive it first', c.slug)
        from campaign c where c.archived_on is null and c.fund_id = p_id limit 1
      ))
    end;
    if v_refusal is not null then
      raise exception '%', v_refusal using errcode = 'check_violation';
    end if;
  end if;
  case p_kind
    when 'organisation' then update organisation set archived_on = v_day where id = p_id;
    when 'account' then update account set archived_on = v_day where id = p_id;
    when 'fund' then update fund set archived_on = v_day where id = p_id;
    when 'campaign' then update campaign set archived_on = v_day where id = p_id;
    when 'item' then update item set archived_on = v_day where id = p_id;
    else raise exception 'nothing of the kind % can be archived', p_kind using errcode = 'no_data_found';
  end case;
  if not found then
    raise exception 'there is no such %', p_kind using errcode = 'no_data_found';
  end if;
  perform record_settings(p_staff, v_before);
  perform mark_for_setup();
end $$;

-- Moves something one place up or down among its like; archived ones stand last and are passed over.
create function move_setting(p_kind text, p_id bigint, p_up boolean, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_among text := case p_kind
    when 'item' then 'campaign_id = (select campaign_id from item where id = $1)'
    else 'true'
  end;
begin
  if p_kind not in ('organisation', 'account', 'fund', 'campaign', 'item', 'sorting rule') then
    raise exception 'nothing of the kind % can be moved', p_kind using errcode = 'no_data_found';
  end if;
  perform take_ledger_lock();
  v_before := remembered_settings();
  execute format($statement$
    with alike as (
      select id, row_number() over (order by %2$s, position, id) as place from %1$I where %3$s
    ), me as (
      select place, place + case when $2 then -1 else 1 end as wanted from alike where id = $1
    )
    update %1$I t
    set position = case alike.place when me.place then me.wanted when me.wanted then me.place else alike.place end
    from alike, me
    where t.id = alike.id and exists (select from alike other where other.place = me.wanted)
  $statement$, replace(p_kind, ' ', '_'), case p_kind when 'sorting rule' then 'true' else 'archived_on is not null' end, v_among)
  using p_id, p_up;
  perform record_settings(p_staff, v_before);
  if p_kind = 'sorting rule' then
    perform mark_for_setup();
  end if;
end $$;

-- Gives a fund another address. The old one goes on meaning it, in links as in what was and will be paid under it.
create function rename_fund(p_id bigint, p_slug text, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_old text;
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  select slug into v_old from fund where id = p_id;
  if v_old is null then
    raise exception 'there is no such fund' using errcode = 'no_data_found';
  end if;
  if v_old = p_slug then
    return;
  end if;
  if exists (select from fund where slug = p_slug) then
    raise exception 'another fund has the address %', p_slug using errcode = 'check_violation';
  end if;
  if exists (select from fund_alias where slug = p_slug and fund_id <> p_id) then
    raise exception '% was an earlier address of another fund: choose another', p_slug using errcode = 'check_violation';
  end if;
  delete from fund_alias where slug = p_slug;
  insert into fund_alias (slug, since, fund_id) values (v_old, '-infinity', p_id);
  update fund set slug = p_slug where id = p_id;
  perform record_settings(p_staff, v_before);
  perform mark_for_setup();
end $$;

-- The payments of an account that a rule would sort anew, and from what: found by making the rule, asking the views, and
-- taking it back. { account, description, becomes, fund? }.
create function preview_rule(p_rule jsonb)
returns table (was text, was_fund text, payments bigint, currency text, amount_minor bigint) language plpgsql as $$
declare
  v_account bigint;
  v_payments jsonb;
  v_before jsonb;
  v_after jsonb;
begin
  select id into v_account from account where slug = p_rule ->> 'account';
  select coalesce(jsonb_agg(distinct p.id), '[]') into v_payments
  from stripe_charge c
  join payment p on p.account_id = c.account_id and p.key in (c.payment_intent, c.id)
  where c.account_id = v_account and c.description = p_rule ->> 'description';
  v_before := sorted_now(v_payments);
  begin
    perform setup_sorting_rules(jsonb_build_object('sortingRules', jsonb_build_array(p_rule)));
    v_after := sorted_now(v_payments);
    raise exception 'only a preview' using errcode = 'AL001';
  exception when sqlstate 'AL001' then
    null;
  end;
  return query
  select b.kind, f.slug::text, count(*), b.currency, sum(b.amount)::bigint
  from jsonb_to_recordset(v_before) b (payment bigint, kind text, fund bigint, currency text, amount bigint)
  join jsonb_to_recordset(v_after) a (payment bigint, kind text, fund bigint) on a.payment = b.payment
  left join fund f on f.id = b.fund
  where (a.kind, a.fund) is distinct from (b.kind, b.fund)
  group by 1, 2, 4
  order by 3 desc, 1, 2;
end $$;

create function sorted_now(p_payments jsonb) returns jsonb language sql volatile as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'payment', v.payment_id, 'kind', v.kind, 'fund', case when v.kind = 'gift' then v.fund_id end, 'currency', v.currency,
    'amount', v.amount_minor
  )), '[]')
  from jsonb_array_elements_text(p_payments) p (id)
  join payment_view v on v.payment_id = p.id::bigint
  where v.state = 'succeeded'
$$;

-- Takes a rule away that sorts nothing; one that does can be changed.
create function remove_rule(p_id bigint, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_rule sorting_rule;
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  select * into v_rule from sorting_rule where id = p_id;
  if v_rule.id is null then
    raise exception 'there is no such sorting rule' using errcode = 'no_data_found';
  end if;
  if exists (
    select from stripe_charge c where c.account_id = v_rule.account_id and c.description = v_rule.description
  ) then
    raise exception 'this rule sorts payments and stays: change what it makes of them' using errcode = 'check_violation';
  end if;
  delete from sorting_rule where id = p_id;
  perform record_settings(p_staff, v_before);
end $$;

-- Keeps a picture and shows it with something; without bytes, takes away what was shown.
create function show_picture(p_kind text, p_id bigint, p_picture jsonb, p_bytes bytea, p_staff jsonb) returns void
language plpgsql as $$
declare
  v_before jsonb;
  v_picture text := p_picture ->> 'id';
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  if v_picture is not null then
    insert into picture (id, type, bytes, width, height, shows)
    values (
      v_picture, p_picture ->> 'type', p_bytes, (p_picture ->> 'width')::bigint, (p_picture ->> 'height')::bigint,
      p_picture ->> 'shows'
    )
    on conflict (id) do nothing;
  end if;
  case p_kind
    when 'organisation' then update organisation set picture = v_picture where id = p_id;
    when 'fund' then update fund set picture = v_picture where id = p_id;
    when 'campaign' then update campaign set picture = v_picture where id = p_id;
    when 'item' then update item set picture = v_picture where id = p_id;
    else raise exception 'nothing of the kind % has a picture', p_kind using errcode = 'no_data_found';
  end case;
  if not found then
    raise exception 'there is no such %', p_kind using errcode = 'no_data_found';
  end if;
  perform record_settings(p_staff, v_before);
end $$;

-- The words of one language as staff wrote them: { key: words }; empty words mean ours again.
create function write_words(p_language text, p_words jsonb, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
begin
  perform take_ledger_lock();
  v_before := remembered_settings();
  delete from wording w using jsonb_each_text(p_words) said where w.language = p_language and w.key = said.key and said.value = '';
  insert into wording as w (language, key, words)
  select p_language, said.key, said.value from jsonb_each_text(p_words) said where said.value <> ''
  on conflict (language, key) do update set words = excluded.words where w.words <> excluded.words;
  perform record_settings(p_staff, v_before);
end $$;

-- Whether what an order took off the shelf is still wanted: while it can be paid (Stripe's page lives for a day), and once
-- it was.
create function is_held(h stock_hold) returns boolean language sql stable as $$
  select h.held_at > now() - interval '25 hours' or exists (
    select from payment p where p.order_id = h.order_id and p.state in ('pending', 'arriving', 'succeeded')
  )
$$;

-- How many there are to be had; null for as many as anybody wants.
create function stock_left(v variant) returns bigint language sql stable as $$
  select v.stock + coalesce((
    select sum(h.quantity) from stock_hold h where h.variant_id = v.id and not is_held(h)
  ), 0)::bigint
$$;

-- Takes the pieces of an order off the shelf, all or none: [{ campaign, item, variant, quantity }]. Answers what there is
-- too little of, and how many are left; nothing when all was taken. The same order asked again takes nothing twice.
create function reserve_stock(p_order text, p_lines jsonb) returns table (item text, variant text, remaining bigint)
language plpgsql as $$
declare
  v_wanted jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('variant', v.id, 'quantity', l.quantity)), '[]') into v_wanted
  from jsonb_to_recordset(p_lines) l (campaign text, item text, variant text, quantity bigint)
  join campaign c on c.slug = l.campaign
  join item i on i.campaign_id = c.id and i.slug = l.item
  join variant v on v.item_id = i.id and v.slug = l.variant
  where v.stock is not null;
  if v_wanted = '[]' then
    return;
  end if;
  -- In one order for all, so that two orders never wait for each other.
  perform from variant v join jsonb_to_recordset(v_wanted) w (variant bigint) on w.variant = v.id order by v.id for update of v;
  with gone as (
    delete from stock_hold h using jsonb_to_recordset(v_wanted) w (variant bigint)
    where h.variant_id = w.variant and not is_held(h)
    returning h.variant_id, h.quantity
  )
  update variant v set stock = v.stock + back.quantity
  from (select variant_id, sum(quantity)::bigint as quantity from gone group by variant_id) back
  where v.id = back.variant_id;

  return query
  select i.slug::text, v.slug::text, v.stock + coalesce(own.quantity, 0)
  from jsonb_to_recordset(v_wanted) w (variant bigint, quantity bigint)
  join variant v on v.id = w.variant
  join item i on i.id = v.item_id
  left join stock_hold own on own.order_id = p_order and own.variant_id = v.id
  where v.stock + coalesce(own.quantity, 0) < w.quantity;
  if found then
    return;
  end if;
  perform release_stock(p_order);
  update variant v set stock = v.stock - w.quantity
  from jsonb_to_recordset(v_wanted) w (variant bigint, quantity bigint)
  where v.id = w.variant and v.stock >= w.quantity;
  insert into stock_hold (order_id, variant_id, quantity)
  select p_order, w.variant, w.quantity from jsonb_to_recordset(v_wanted) w (variant bigint, quantity bigint);
end $$;

-- Puts back what an order had taken, when it did not come to a payment.
create function release_stock(p_order text) returns void language sql as $$
  with gone as (
    delete from stock_hold h where h.order_id = p_order returning h.variant_id, h.quantity
  )
  update variant v set stock = v.stock + gone.quantity from gone where v.id = gone.variant_id
$$;
