-- The spot check: ten gifts of an organisation, drawn at random, each compared by a person with Stripe and the bank. What was
-- drawn stays as it was, and a tick is added, never changed.

create table spot_check (
  id bigint generated always as identity primary key,
  request text not null constraint a_spot_check_is_drawn_once unique,
  organisation_id bigint not null references organisation,
  from_day date,
  to_day date,
  gifts bigint not null constraint a_spot_check_is_of_gifts check (gifts >= 1),
  drawn_at timestamptz not null,
  drawn_by text not null,
  constraint a_spot_check_ends_after_it_begins check (to_day >= from_day)
);
create index spot_check_by_organisation on spot_check (organisation_id);

-- A gift as it was when it was drawn.
create table spot_check_gift (
  spot_check_id bigint not null references spot_check,
  place bigint not null constraint ten_gifts_are_drawn check (place between 1 and 10),
  payment_id bigint not null references payment,
  part text collate "C" not null,
  fund_id bigint references fund,
  counted_on date not null,
  currency text not null,
  amount_minor bigint not null,
  primary key (spot_check_id, place),
  constraint a_gift_is_drawn_once_in_a_check unique (spot_check_id, payment_id, part)
);
create index spot_check_gift_by_payment on spot_check_gift (payment_id);
create index spot_check_gift_by_fund on spot_check_gift (fund_id);

create table spot_check_tick (
  id bigint generated always as identity primary key,
  request text not null constraint a_tick_is_set_once unique,
  spot_check_id bigint not null,
  place bigint not null,
  outcome text not null constraint a_gift_is_found_or_differs check (outcome in ('found', 'differs')),
  remark text not null,
  ticked_at timestamptz not null,
  ticked_by text not null,
  constraint what_differs_is_said check (outcome = 'found' or remark <> ''),
  constraint a_remark_is_short check (char_length(remark) <= 500),
  constraint a_tick_is_of_a_drawn_gift foreign key (spot_check_id, place) references spot_check_gift (spot_check_id, place)
);
create index spot_check_tick_by_gift on spot_check_tick (spot_check_id, place);

create function a_spot_check_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a spot check is never changed; another tick says what is so now' using errcode = 'check_violation';
end $$;

create trigger a_spot_check_is_never_changed before update or delete or truncate on spot_check
  for each statement execute function a_spot_check_is_never_changed();
create trigger a_spot_check_is_never_changed before update or delete or truncate on spot_check_gift
  for each statement execute function a_spot_check_is_never_changed();
create trigger a_spot_check_is_never_changed before update or delete or truncate on spot_check_tick
  for each statement execute function a_spot_check_is_never_changed();

-- The days of an organisation on which gifts with a known amount count, with how many came on the days before.
create function days_with_gifts(p_organisation_id bigint, p_from date, p_to date) returns table (
  day date, gifts bigint, gifts_before bigint
) language sql stable as $$
  select d.day, d.gifts, (sum(d.gifts) over (order by d.day))::bigint - d.gifts
  from (
    select t.starts_on as day, sum(t.gifts - t.awaiting_conversion)::bigint as gifts
    from scope
    join total t on t.scope_id = scope.id and t.grain = 'day'
    where scope.key = 'organisation/' || p_organisation_id
      and t.starts_on between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
    group by t.starts_on
  ) d
  where d.gifts > 0
$$;

-- Draws up to ten gifts that were not wholly returned, each as likely as any other, and none twice: the chances are whole numbers
-- up to 2^53, each of which chooses among the gifts that are left. They are found by day, so that the others are not read.
create function draw_spot_check(p_said jsonb, p_chances jsonb, p_staff jsonb) returns bigint language plpgsql as $$
declare
  v_id bigint;
  v_organisation_id bigint := (select o.id from organisation o where o.slug = p_said ->> 'organisation');
  v_from date := (p_said ->> 'from')::date;
  v_to date := (p_said ->> 'to')::date;
  v_gifts bigint;
  v_chance bigint;
  v_chosen bigint;
  v_earlier bigint;
  v_all bigint[] := '{}';
begin
  perform take_ledger_lock();
  v_id := (select s.id from spot_check s where s.request = p_said ->> 'request');
  if v_id is not null then
    return v_id;
  end if;
  if v_organisation_id is null then
    raise exception 'there is no such organisation' using errcode = 'no_data_found';
  end if;
  v_gifts := (select sum(d.gifts) from days_with_gifts(v_organisation_id, v_from, v_to) d);
  if v_gifts is null then
    raise exception 'there is no gift in these days' using errcode = 'check_violation';
  end if;

  for v_chance in select c.chance::bigint from jsonb_array_elements_text(p_chances) with ordinality c (chance, number) order by c.number loop
    exit when cardinality(v_all) >= least(10, v_gifts);
    v_chosen := v_chance % (v_gifts - cardinality(v_all));
    for v_earlier in select e.place from unnest(v_all) e (place) order by e.place loop
      if v_chosen >= v_earlier then
        v_chosen := v_chosen + 1;
      end if;
    end loop;
    v_all := v_all || v_chosen;
  end loop;

  insert into spot_check (request, organisation_id, from_day, to_day, gifts, drawn_at, drawn_by)
  values (p_said ->> 'request', v_organisation_id, v_from, v_to, v_gifts, now(), p_staff ->> 'id')
  returning id into v_id;
  insert into spot_check_gift (spot_check_id, place, payment_id, part, fund_id, counted_on, currency, amount_minor)
  select v_id, row_number() over (order by d.day, g.payment_id, g.part), g.payment_id, g.part, g.fund_id, d.day, g.currency, g.amount_minor
  from unnest(v_all) chosen (place)
  join days_with_gifts(v_organisation_id, v_from, v_to) d
    on chosen.place >= d.gifts_before and chosen.place < d.gifts_before + d.gifts
  cross join lateral (
    select gift.* from gift
    where gift.counted_on = d.day and gift.organisation_id = v_organisation_id and not gift.wholly_returned
      and gift.amount_minor is not null
    order by gift.payment_id, gift.part
    offset chosen.place - d.gifts_before limit 1
  ) g;
  return v_id;
end $$;

-- Says of a drawn gift that it was found at Stripe and the bank as it stands here, or what differs. The last tick counts.
create function tick_spot_check(p_said jsonb, p_staff jsonb) returns void language plpgsql as $$
begin
  if not exists (
    select from spot_check_gift g
    where g.spot_check_id = (p_said ->> 'check')::bigint and g.place = (p_said ->> 'place')::bigint
  ) then
    raise exception 'there is no such gift in this check' using errcode = 'no_data_found';
  end if;
  if p_said ->> 'outcome' = 'differs' and coalesce(p_said ->> 'remark', '') = '' then
    raise exception 'say what differs' using errcode = 'check_violation';
  end if;
  insert into spot_check_tick (request, spot_check_id, place, outcome, remark, ticked_at, ticked_by)
  values (
    p_said ->> 'request', (p_said ->> 'check')::bigint, (p_said ->> 'place')::bigint, p_said ->> 'outcome',
    coalesce(p_said ->> 'remark', ''), now(), p_staff ->> 'id'
  )
  on conflict (request) do nothing;
end $$;

-- The tick that counts of each gift that has one.
create view spot_check_outcome as
select distinct on (t.spot_check_id, t.place) t.spot_check_id, t.place, t.outcome
from spot_check_tick t
order by t.spot_check_id, t.place, t.id desc;
