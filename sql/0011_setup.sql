-- The set-up file, applied in one call: everything it names is made or brought to what the file says, and nothing is
-- deleted. The file's shape and names were checked before (src/core/setup.ts); here stands what only the database can know.

-- What became of one row of the file; the outcome is 'made', 'changed' or 'unchanged'.
create type setup_step as (kind text, name text, outcome text);

-- Changes that would give what is already booked another meaning.
create function refuse_setup(p_setup jsonb) returns void language plpgsql as $$
declare
  v_refusal text;
begin
  select format('organisation %s has payments: its currency stays %s and its time zone %s', o.slug, o.currency, o.time_zone)
  into v_refusal
  from jsonb_to_recordset(p_setup -> 'organisations') as f (slug text, currency text, "timeZone" text)
  join organisation o on o.slug = f.slug
  where (o.currency, o.time_zone) is distinct from (f.currency, f."timeZone")
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

create function setup_outcome(p_made boolean) returns text language sql immutable parallel safe as $$
  select case when p_made then 'made' when not p_made then 'changed' else 'unchanged' end
$$;

create function setup_organisations(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select *
    from rows from (jsonb_to_recordset(p_setup -> 'organisations') as (
      slug text, name text, "legalName" text, address text, contact text, currency text, "timeZone" text
    )) with ordinality as f (slug, name, legal_name, address, contact, currency, time_zone, position)
  ), written as (
    insert into organisation as o (slug, name, legal_name, address, contact, currency, time_zone, position)
    select w.slug, w.name, w.legal_name, w.address, w.contact, w.currency, w.time_zone, w.position from wanted w
    on conflict (slug) do update set
      name = excluded.name, legal_name = excluded.legal_name, address = excluded.address, contact = excluded.contact,
      currency = excluded.currency, time_zone = excluded.time_zone, position = excluded.position
    where (o.name, o.legal_name, o.address, o.contact, o.currency, o.time_zone, o.position) is distinct from
      (excluded.name, excluded.legal_name, excluded.address, excluded.contact, excluded.currency, excluded.time_zone, excluded.position)
    returning o.slug, o.xmax = 0 as made
  )
  select 'organisation', w.slug, setup_outcome(written.made) from wanted w left join written on written.slug = w.slug;
end $$;

-- An account that was made from a key alone has no organisation yet: it is the file's first account. What the file does
-- not say of an account (its id at Stripe, the currencies it settles in) stays as it is.
create function setup_accounts(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  update account a
  set slug = p_setup #>> '{accounts,0,slug}'
  where a.id = (select id from account order by position, id limit 1)
    and a.organisation_id is null
    and p_setup #>> '{accounts,0,slug}' is not null
    and not exists (select from account named where named.slug = p_setup #>> '{accounts,0,slug}');

  return query
  with wanted as (
    select
      f.slug, o.id as organisation_id, f.stripe_account_id, f.position,
      case when f.settles_in is not null then array(select jsonb_array_elements_text(f.settles_in)) end as settles_in
    from rows from (jsonb_to_recordset(p_setup -> 'accounts') as (
      slug text, organisation text, "stripeAccount" text, "settlesIn" jsonb
    )) with ordinality as f (slug, organisation, stripe_account_id, settles_in, position)
    left join organisation o on o.slug = f.organisation
  ), whole as (
    select
      w.slug, w.organisation_id, coalesce(w.stripe_account_id, a.stripe_account_id) as stripe_account_id,
      coalesce(w.settles_in, a.settles_in, '{}') as settles_in, w.position
    from wanted w
    left join account a on a.slug = w.slug
  ), written as (
    insert into account as a (slug, organisation_id, stripe_account_id, settles_in, position)
    select w.slug, w.organisation_id, w.stripe_account_id, w.settles_in, w.position from whole w
    on conflict (slug) do update set
      organisation_id = excluded.organisation_id, stripe_account_id = excluded.stripe_account_id,
      settles_in = excluded.settles_in, position = excluded.position
    where (a.organisation_id, a.stripe_account_id, a.settles_in, a.position) is distinct from
      (excluded.organisation_id, excluded.stripe_account_id, excluded.settles_in, excluded.position)
    returning a.slug, a.xmax = 0 as made
  )
  select 'account', w.slug, setup_outcome(written.made) from wanted w left join written on written.slug = w.slug;
end $$;

create function setup_funds(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select
      f.slug, f.name, f.description, f.remark, f.is_public, f.bears_fees, general.id as general_of,
      coalesce(f.currency, had.currency, own.currency, 'CAD') as currency, f.presets_minor, f.position
    from rows from (jsonb_to_recordset(p_setup -> 'funds') as (
      slug text, name text, description text, remark text, public boolean, "bearsFees" boolean, "generalOf" text,
      accounts jsonb, currency text, "presetsMinor" jsonb
    )) with ordinality as f (
      slug, name, description, remark, is_public, bears_fees, general_of, accounts, currency, presets_minor, position
    )
    left join organisation general on general.slug = f.general_of
    left join fund had on had.slug = f.slug
    left join account on account.slug = f.accounts ->> 0
    left join organisation own on own.id = account.organisation_id
  ), written as (
    insert into fund as t (slug, name, description, remark, is_public, bears_fees, general_of, currency, presets_minor, position)
    select w.slug, w.name, w.description, w.remark, w.is_public, w.bears_fees, w.general_of, w.currency, w.presets_minor, w.position
    from wanted w
    on conflict (slug) do update set
      name = excluded.name, description = excluded.description, remark = excluded.remark, is_public = excluded.is_public,
      bears_fees = excluded.bears_fees, general_of = excluded.general_of, currency = excluded.currency,
      presets_minor = excluded.presets_minor, position = excluded.position
    where (t.name, t.description, t.remark, t.is_public, t.bears_fees, t.general_of, t.currency, t.presets_minor, t.position)
      is distinct from (
        excluded.name, excluded.description, excluded.remark, excluded.is_public, excluded.bears_fees, excluded.general_of,
        excluded.currency, excluded.presets_minor, excluded.position
      )
    returning t.slug, t.xmax = 0 as made
  )
  select 'fund', w.slug, setup_outcome(written.made) from wanted w left join written on written.slug = w.slug;
end $$;

-- The first account named receives online gifts. One that the file no longer names stays, behind all others.
create function setup_fund_accounts(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select fund.id as fund_id, account.id as account_id, fund.slug || ' through ' || account.slug as name, named.position
    from jsonb_to_recordset(p_setup -> 'funds') as f (slug text, accounts jsonb)
    join fund on fund.slug = f.slug
    cross join lateral jsonb_array_elements_text(f.accounts) with ordinality as named (slug, position)
    join account on account.slug = named.slug
  ), kept as (
    update fund_account t
    set position = 1000
    where t.fund_id in (select fund_id from wanted) and t.position <> 1000
      and not exists (select from wanted w where (w.fund_id, w.account_id) = (t.fund_id, t.account_id))
  ), written as (
    insert into fund_account as t (fund_id, account_id, position)
    select w.fund_id, w.account_id, w.position from wanted w
    on conflict (fund_id, account_id) do update set position = excluded.position where t.position <> excluded.position
    returning t.fund_id, t.account_id, t.xmax = 0 as made
  )
  select 'fund account', w.name, setup_outcome(written.made)
  from wanted w
  left join written on (written.fund_id, written.account_id) = (w.fund_id, w.account_id);
end $$;

create function setup_sorting_rules(p_setup jsonb) returns setof setup_step language plpgsql as $$
begin
  return query
  with wanted as (
    select account.id as account_id, account.slug || ': ' || f.description as path, f.*, fund.id as fund_id
    from rows from (jsonb_to_recordset(p_setup -> 'sortingRules') as (
      account text, description text, becomes text, fund text
    )) with ordinality as f (account, description, becomes, fund, position)
    left join account on account.slug = f.account
    left join fund on fund.slug = f.fund
  ), written as (
    insert into sorting_rule as t (account_id, description, becomes, fund_id, position)
    select w.account_id, w.description, w.becomes, w.fund_id, w.position from wanted w
    on conflict (account_id, description) do update set
      becomes = excluded.becomes, fund_id = excluded.fund_id, position = excluded.position
    where (t.becomes, t.fund_id, t.position) is distinct from (excluded.becomes, excluded.fund_id, excluded.position)
    returning t.account_id, t.description, t.xmax = 0 as made
  )
  select 'sorting rule', w.path, setup_outcome(written.made)
  from wanted w
  left join written on (written.account_id, written.description) = (w.account_id, w.description);
end $$;

-- Has the next drain derive anew what a changed set-up may give another meaning. Where rules sorted payments, any of
-- them may now belong elsewhere; without rules only what waits for a fund or an item may.
create function mark_for_setup() returns bigint language plpgsql as $$
declare
  v_account record;
  v_marked bigint := 0;
begin
  for v_account in
    select a.id, exists (select from sorting_rule r where r.account_id = a.id) as has_rules,
      exists (
        select from payment p where p.account_id = a.id and p.organisation_id is distinct from a.organisation_id
      ) as moved,
      exists (select from gift g where g.account_id = a.id and g.amount_minor is null) as awaiting
    from account a
    order by a.id
  loop
    v_marked := v_marked + case
      when v_account.has_rules or v_account.moved or v_account.awaiting then mark_account_dirty(v_account.id)
      else mark_dirty(v_account.id)
    end;
  end loop;
  return v_marked;
end $$;

-- Applies a whole set-up file (Setup in src/core/setup.ts) or, by an exception, nothing of it.
create function apply_setup(p_setup jsonb) returns setof setup_step language plpgsql as $$
declare
  v_done setup_step[];
  v_without text;
begin
  perform take_ledger_lock();
  perform refuse_setup(p_setup);
  -- One statement each, so that each sees what the ones before it made.
  v_done := array(select s from setup_organisations(p_setup) s);
  v_done := v_done || array(select s from setup_accounts(p_setup) s);
  v_done := v_done || array(select s from setup_funds(p_setup) s);
  v_done := v_done || array(select s from setup_fund_accounts(p_setup) s);
  v_done := v_done || array(select s from setup_campaigns(p_setup) s);
  v_done := v_done || array(select s from setup_items(p_setup) s);
  v_done := v_done || array(select s from setup_variants(p_setup) s);
  v_done := v_done || array(select s from setup_promises(p_setup) s);
  v_done := v_done || array(select s from setup_sorting_rules(p_setup) s);

  select o.slug into v_without
  from organisation o
  where not exists (select from fund f where f.general_of = o.id)
  order by o.position, o.id
  limit 1;
  if v_without is not null then
    raise exception 'organisation % would be left without a general fund', v_without using errcode = 'check_violation';
  end if;
  if exists (select from unnest(v_done) d where d.outcome <> 'unchanged') then
    perform mark_for_setup();
  end if;
  return query select d.kind, d.name, d.outcome from unnest(v_done) d;
end $$;
