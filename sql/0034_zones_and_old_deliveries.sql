-- A time zone holds from a day on; and deliveries lose in time what they say of persons.

-- Time zones. What is set up says from which day on one holds; nothing of a day before it moves, and nothing of a closed month.

-- The first day on which another time zone can begin: of the first open month, and not before the books. Null while any day can.
create function first_zone_day(p_organisation_id bigint) returns date language sql stable as $$
  select greatest((select b.from_day from books_open b where b.organisation_id = p_organisation_id), o.books_begin_on)
  from organisation o where o.id = p_organisation_id
$$;

create function time_zone_begins_in_an_open_month() returns trigger language plpgsql as $$
declare
  v_zone organisation_time_zone := case when tg_op = 'DELETE' then old else new end;
  v_day date := case tg_op when 'INSERT' then new.since when 'DELETE' then old.since else least(old.since, new.since) end;
  v_first date := first_zone_day(v_zone.organisation_id);
begin
  if v_day < v_first then
    raise exception 'the time zone of % cannot change on %, which is closed: the first day possible is %',
      (select o.slug from organisation o where o.id = v_zone.organisation_id), v_day, v_first
      using errcode = 'check_violation', constraint = 'a_time_zone_begins_in_an_open_month';
  end if;
  return v_zone;
end $$;

create trigger a_time_zone_begins_in_an_open_month before insert or update or delete on organisation_time_zone
  for each row execute function time_zone_begins_in_an_open_month();

-- Has the next drains derive and post anew what moved at an organisation from a day on, and keeps the sums by day in step. Its
-- movements are found by the moment: two days earlier is earlier in any zone.
create function mark_organisation_dirty(p_organisation_id bigint, p_since date) returns void language plpgsql as $$
begin
  perform take_ledger_lock();
  insert into dirty_payment (payment_id)
  select p.id from payment p
  where p.organisation_id = p_organisation_id and p.account_id is not null and p.occurred_on >= p_since
  union
  select r.payment_id from return_part r where r.organisation_id = p_organisation_id and r.occurred_on >= p_since
  on conflict do nothing;
  insert into dirty_source (source, account_id, source_id)
  select 'balance transaction', bt.account_id, bt.id
  from account a
  join stripe_balance_transaction bt on bt.account_id = a.id
  where a.organisation_id = p_organisation_id and bt.created >= (p_since - 2)::timestamp at time zone 'UTC'
  union all
  select 'dispute outcome', d.account_id, d.id
  from account a
  join stripe_dispute d on d.account_id = a.id
  where a.organisation_id = p_organisation_id
  on conflict do nothing;
  perform fold_stripe_moved(a.id) from account a where a.organisation_id = p_organisation_id;
end $$;

create function organisation_takes_zone() returns trigger language plpgsql as $$
begin
  perform mark_organisation_dirty(z.organisation_id, z.since)
  from (
    select organisation_id, min(since) as since from unnest(array[old, new]) z where z.since is not null group by 1
  ) z;
  return null;
end $$;

create trigger organisation_takes_zone after insert or update or delete on organisation_time_zone
  for each row execute function organisation_takes_zone();

-- Whether an organisation has anything whose day is its zone's.
create function has_days(p_organisation_id bigint) returns boolean language sql stable as $$
  select exists (select from payment p where p.organisation_id = p_organisation_id)
    or exists (select from period m where m.organisation_id = p_organisation_id)
    or exists (
      select from account a join stripe_balance_transaction bt on bt.account_id = a.id where a.organisation_id = p_organisation_id
    )
$$;

-- The zones that the set-up document says: { timeZone, timeZoneSince? }. An organisation that has no days yet is told which zone
-- is its own; later it takes another from a day on. A document of the desk may leave the day out: it is the first of next month.
-- A file may not, so that an old one, applied again, takes nothing back.
create function setup_time_zones(p_setup jsonb) returns void language plpgsql as $$
declare
  v_said record;
  v_since date;
  v_next date;
begin
  for v_said in
    select o.id, o.slug, f ->> 'timeZone' as zone, (f ->> 'timeZoneSince')::date as since, coalesce((
        select z.time_zone from organisation_time_zone z
        where z.organisation_id = o.id and z.since <= coalesce((f ->> 'timeZoneSince')::date, 'infinity')
        order by z.since desc limit 1
      ), o.time_zone) as had
    from jsonb_array_elements(coalesce(p_setup -> 'organisations', '[]')) f
    join organisation o on o.slug = f ->> 'slug'
    where f ->> 'timeZone' is not null
  loop
    continue when v_said.zone = v_said.had;
    if v_said.since is null and not has_days(v_said.id) then
      delete from organisation_time_zone where organisation_id = v_said.id;
      update organisation set time_zone = v_said.zone where id = v_said.id;
      continue;
    end if;
    v_next := month_of(organisation_day(v_said.id, now())) + interval '1 month';
    v_since := coalesce(v_said.since, case when p_setup ? 'keepOrder' then v_next end);
    if v_since is null then
      raise exception 'organisation % has payments: say from which day on its time zone is % (timeZoneSince), such as %',
        v_said.slug, v_said.zone, v_next using errcode = 'check_violation';
    end if;
    insert into organisation_time_zone as z (organisation_id, since, time_zone) values (v_said.id, v_since, v_said.zone)
    on conflict (organisation_id, since) do update set time_zone = excluded.time_zone;
    -- A zone that was to come and is the one before it after all is none of its own.
    delete from organisation_time_zone z
    where z.organisation_id = v_said.id and z.since >= v_since and z.time_zone = coalesce((
      select before.time_zone from organisation_time_zone before
      where before.organisation_id = z.organisation_id and before.since < z.since order by before.since desc limit 1
    ), (select o.time_zone from organisation o where o.id = z.organisation_id));
  end loop;
end $$;

-- As in 0011, but the zone is dated.
create or replace function refuse_setup(p_setup jsonb) returns void language plpgsql as $$
declare
  v_refusal text;
begin
  select format('organisation %s has payments: its currency stays %s', o.slug, o.currency)
  into v_refusal
  from jsonb_to_recordset(p_setup -> 'organisations') as f (slug text, currency text)
  join organisation o on o.slug = f.slug
  where o.currency is distinct from f.currency
    and exists (select from payment p where p.organisation_id = o.id)
  limit 1;
  v_refusal := coalesce(v_refusal, (
    select format('account %s belongs to organisation %s and has payments: it stays there', a.slug, o.slug)
    from jsonb_to_recordset(p_setup -> 'accounts') as f (slug text, organisation text)
    join account a on a.slug = f.slug
    join organisation o on o.id = a.organisation_id and o.slug <> f.organisation
    where exists (select from payment p where p.account_id = a.id)
    limit 1
  ), (
    select format('account %s is %s at Stripe and cannot become %s', a.slug, a.stripe_account_id, f."stripeAccount")
    from jsonb_to_recordset(p_setup -> 'accounts') as f (slug text, "stripeAccount" text)
    join account a on a.slug = f.slug and a.stripe_account_id <> f."stripeAccount"
    limit 1
  ), (
    select format('fund %s has gifts or sales: its currency stays %s', fund.slug, fund.currency)
    from jsonb_to_recordset(p_setup -> 'funds') as f (slug text, currency text)
    join fund on fund.slug = f.slug and fund.currency <> f.currency
    where exists (select from gift g where g.fund_id = fund.id) or exists (select from sale s where s.fund_id = fund.id)
    limit 1
  ), (
    select format('campaign %s has sales: it stays with fund %s and account %s', c.slug, fund.slug, account.slug)
    from jsonb_to_recordset(p_setup -> 'campaigns') as f (slug text, fund text, account text)
    join campaign c on c.slug = f.slug
    join fund on fund.id = c.fund_id
    join account on account.id = c.account_id
    where (fund.slug, account.slug) is distinct from (f.fund, f.account)
      and exists (select from sale s where s.campaign_id = c.id)
    limit 1
  ));
  if v_refusal is not null then
    raise exception '%', v_refusal using errcode = 'check_violation';
  end if;
end $$;

create or replace function setup_organisations(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select *
    from rows from (jsonb_to_recordset(p_setup -> 'organisations') as (
      slug text, name text, "legalName" text, address text, contact text, currency text, "timeZone" text
    )) with ordinality as f (slug, name, legal_name, address, contact, currency, time_zone, position)
  ), written as (
    insert into organisation as o (slug, name, legal_name, address, contact, currency, time_zone, position)
    select w.slug, w.name, w.legal_name, w.address, w.contact, w.currency, coalesce(w.time_zone, 'America/Toronto'), w.position from wanted w
    on conflict (slug) do update set
      name = excluded.name, legal_name = excluded.legal_name, address = excluded.address, contact = excluded.contact,
      currency = excluded.currency, position = excluded.position
    where (o.name, o.legal_name, o.address, o.contact, o.currency, o.position) is distinct from
      (excluded.name, excluded.legal_name, excluded.address, excluded.contact, excluded.currency, excluded.position)
    returning o.slug, o.xmax = 0 as made
  )
  select 'organisation', w.slug, setup_outcome(written.made) from wanted w left join written on written.slug = w.slug;
  perform setup_time_zones(p_setup);
end $$;

-- As in 0021, with the day by the zone of now.
create or replace function setup_details(p_setup jsonb) returns void language plpgsql as $$
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
        then organisation_day(o.id, now()) else '0001-01-01' end
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

-- As in 0021; the zone is the last one, and where there were others, each has its first day (null: from the beginning).
create or replace function settings_now() returns table (kind text, id text, subject text, state jsonb) language sql stable as $$
  select 'organisation', o.id::text, o.slug::text, jsonb_build_object(
    'slug', o.slug, 'name', o.name, 'legalName', o.legal_name, 'address', o.address, 'contact', o.contact,
    'currency', o.currency, 'timeZone', zone.last, 'timeZones', zone.every, 'registrationNumber', o.registration_number, 'accent', o.accent,
    'picture', o.picture, 'languages', o.languages, 'archivedOn', o.archived_on, 'position', o.position,
    'fiscalYear', (
      select jsonb_agg(jsonb_build_object('since', c.since, 'startsIn', c.fiscal_year_start) order by c.since)
      from organisation_calendar c where c.organisation_id = o.id
    ),
    'organisations', jsonb_build_array(o.slug)
  )
  from organisation o
  cross join lateral (
    select
      coalesce((array_agg(z.time_zone order by z.since desc))[1], o.time_zone) as last,
      jsonb_build_array(jsonb_build_object('since', null, 'timeZone', o.time_zone))
        || jsonb_agg(jsonb_build_object('since', z.since, 'timeZone', z.time_zone) order by z.since) as every
    from organisation_time_zone z where z.organisation_id = o.id
  ) zone
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

-- When what names persons was taken out of a delivery's body; null while it is what was signed, word for word.
alter table inbox add column emptied_at timestamptz;

-- Where the next round of emptying goes on, and until when there is none: one a day looks at all.
create table inbox_emptying (
  only_row boolean primary key default true constraint there_is_one_round_of_emptying check (only_row),
  after_id bigint not null default 0,
  rests_until timestamptz not null default '-infinity'
);
insert into inbox_emptying default values;

-- The next deliveries, in the order in which they came, that are older than so many days and were not emptied yet; none while the
-- round rests, which it does for a day once there are none left.
create function old_deliveries(p_keep_days bigint, p_limit bigint) returns table (inbox_id bigint, body text) language plpgsql as $$
declare
  v_round inbox_emptying;
begin
  select * into v_round from inbox_emptying;
  if v_round.rests_until > now() then
    return;
  end if;
  return query
  select i.id, i.body
  from inbox i
  where i.id > v_round.after_id and i.received_at < now() - make_interval(days => p_keep_days::integer) and i.emptied_at is null
  order by i.id
  limit p_limit;
  if not found then
    update inbox_emptying set after_id = 0, rests_until = now() + interval '1 day';
  end if;
end $$;

-- Keeps these bodies in place of what was signed: [{ inbox_id, body }], once each, and never while one waits to be read.
-- Answers how many it took.
create function empty_deliveries(p_bodies jsonb) returns bigint language plpgsql as $$
declare
  v_emptied bigint;
begin
  update inbox i set body = e.body, emptied_at = now()
  from jsonb_to_recordset(p_bodies) e (inbox_id bigint, body text)
  where i.id = e.inbox_id and i.emptied_at is null and not exists (select from ticket t where t.inbox_id = i.id);
  get diagnostics v_emptied = row_count;
  update inbox_emptying r set after_id = greatest(r.after_id, (
    select max(e.inbox_id) from jsonb_to_recordset(p_bodies) e (inbox_id bigint)
  ));
  return v_emptied;
end $$;

-- As in 0002, but a delivery that was emptied is not read again: it would say of persons that nothing is known.
create or replace function read_events_of_account_again(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_tickets bigint;
begin
  lock table inbox in share row exclusive mode;
  with known as (
    update inbox i set mark = null
    from account a
    where a.id = p_account_id and i.account_id = a.id and i.mark = 'other account' and i.stripe_account = a.stripe_account_id
      and i.emptied_at is null
    returning i.id, i.account_id
  )
  insert into ticket (inbox_id, account_id)
  select id, account_id from known;
  get diagnostics v_tickets = row_count;
  return v_tickets;
end $$;

create or replace function read_events_of_types_again(p_types jsonb) returns bigint language plpgsql as $$
declare
  v_tickets bigint;
begin
  with known as (
    update inbox i set mark = null
    where i.mark = 'type not listened to' and i.type in (select t from jsonb_array_elements_text(p_types) t)
      and i.emptied_at is null
    returning i.id, i.account_id
  )
  insert into ticket (inbox_id, account_id)
  select id, account_id from known
  on conflict (inbox_id) do nothing;
  get diagnostics v_tickets = row_count;
  return v_tickets;
end $$;
