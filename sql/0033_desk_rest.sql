-- What the first weeks at the desk showed to be missing.

-- An organisation takes its general fund along when it is archived and when it is opened again: that fund takes what has no
-- other, and cannot be archived by itself.
create or replace function archive_setting(p_kind text, p_id bigint, p_archived boolean, p_staff jsonb) returns void language plpgsql as $$
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
      when 'organisation' then coalesce((
        select format('fund %s is still open: archive it first', f.slug)
        from fund f
        where f.archived_on is null and f.general_of is distinct from p_id and exists (
          select from fund_account fa join account a on a.id = fa.account_id where fa.fund_id = f.id and a.organisation_id = p_id
        )
        order by f.position, f.id
        limit 1
      ), (
        select format('campaign %s still sells for its general fund: archive it first', c.slug)
        from campaign c join fund f on f.id = c.fund_id
        where c.archived_on is null and f.general_of = p_id
        order by c.position, c.id
        limit 1
      ))
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
  if p_kind = 'organisation' then
    update fund set archived_on = case when p_archived then day_after_today() end
    where general_of = p_id and (archived_on is not null) is distinct from p_archived;
  end if;
  perform record_settings(p_staff, v_before);
  perform mark_for_setup();
end $$;

-- Sizes move like all the rest.
create or replace function move_setting(p_kind text, p_id bigint, p_up boolean, p_staff jsonb) returns void language plpgsql as $$
declare
  v_before jsonb;
  v_among text := case p_kind
    when 'item' then 'campaign_id = (select campaign_id from item where id = $1)'
    when 'variant' then 'item_id = (select item_id from variant where id = $1)'
    else 'true'
  end;
begin
  if p_kind not in ('organisation', 'account', 'fund', 'campaign', 'item', 'variant', 'sorting rule') then
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

-- Somebody who said that nobody else is to look: the last of the first steps is done then, too.
create table works_alone (
  one boolean primary key default true constraint it_is_said_once check (one),
  since timestamptz not null default now(),
  staff_id text not null,
  staff_name text not null
);

create function work_alone(p_staff jsonb) returns void language plpgsql as $$
begin
  insert into works_alone (staff_id, staff_name) values (p_staff ->> 'id', p_staff ->> 'name') on conflict do nothing;
  if found then
    perform record_change(p_staff, 'chose', 'first steps', 'works alone', null, jsonb_build_object('organisations', jsonb_build_array()));
  end if;
end $$;

create or replace function carried_tables() returns table (place bigint, name text) language sql immutable as $$
  select ordinality, t from unnest(array[
    'picture', 'organisation', 'organisation_calendar', 'organisation_time_zone', 'account', 'fund', 'fund_alias', 'fund_account', 'campaign', 'item',
    'variant', 'variant_cost', 'promise', 'sorting_rule', 'wording', 'works_alone', 'auth.staff', 'auth.credential', 'auth.two_factor', 'auth.membership'
  ]) with ordinality as carried (t, ordinality)
$$;

-- One more thing that only a process can see: requests that a proxy forwarded, while the settings name none. What only a
-- process can see is over when a process that looked for it finds it no more. (Older rows held the narrower rule.)
alter table alert drop constraint an_alert_is_of_a_known_kind;
alter table alert add constraint an_alert_is_of_a_known_kind check (kind in (
  'clock', 'endpoint disabled', 'key refused', 'sweep late', 'disk low', 'dead letters', 'books differ', 'arriving', 'mail stuck',
  'proxy'
)) not valid;

create or replace function watch_alerts(p_found jsonb, p_looked jsonb) returns void language plpgsql as $$
declare
  v_found jsonb;
begin
  perform pg_advisory_xact_lock(4175);
  v_found := (
    select coalesce(jsonb_agg(to_jsonb(f)), '[]')
    from (
      select kind, subject, organisation_id, about, extract(epoch from within)::bigint as seconds from alert_finding
      union all
      select own.kind, own.subject, null, own.about, own.hours * 3600
      from jsonb_to_recordset(p_found) own (kind text, subject text, about jsonb, hours bigint)
    ) f
  );
  -- What is over before anybody was told of it is not told at all.
  update alert a set cleared_at = now(), cleared_told_at = case when a.told_at is null then now() end, told_at = coalesce(a.told_at, now())
  where a.cleared_at is null
    and (a.kind not in ('disk low', 'proxy') or p_looked ? a.kind)
    and not exists (select from jsonb_to_recordset(v_found) f (kind text, subject text) where (f.kind, f.subject) = (a.kind, a.subject));
  update alert a set about = f.about
  from jsonb_to_recordset(v_found) f (kind text, subject text, about jsonb)
  where a.cleared_at is null and (f.kind, f.subject) = (a.kind, a.subject) and a.about is distinct from f.about;
  insert into alert (kind, subject, organisation_id, about, due_at)
  select f.kind, f.subject, f.organisation_id, f.about, now() + make_interval(secs => f.seconds)
  from jsonb_to_recordset(v_found) f (kind text, subject text, organisation_id bigint, about jsonb, seconds bigint)
  order by f.kind, f.subject
  on conflict (kind, subject) where cleared_at is null do nothing;
end $$;

-- The list of gifts counts what the totals do not, and finds what is rare without reading the rest.
create index gift_wholly_returned on gift (counted_on) where wholly_returned;
create index gift_by_hand on gift (counted_on desc, payment_id desc, part desc) where source = 'cash';
