-- Claims tickets: leases up to p_limit due ones to an owner, the oldest first, and answers what is to be read. What the owner
-- itself still holds is given again. Of bodies no more than p_bytes are read at once, but always one.
-- Each step looks up what the one before it found (any): the table of tickets is empty most of the time, and a join planned
-- then would compare every ticket with every other when thousands come in a rush (up to 1.5 s for a batch).
create function claim_tickets(p_owner uuid, p_limit bigint, p_bytes bigint, p_lease interval)
returns table (inbox_id bigint, account_id bigint, tries bigint, source text, body text)
language plpgsql set enable_seqscan = off as $$
declare
  v_due bigint[] := array(
    select t.inbox_id from ticket t
    where t.dead_at is null and t.next_at <= now() and (t.lease_until is null or t.lease_until < now() or t.lease_owner = p_owner)
    order by t.next_at, t.inbox_id
    limit p_limit
    for update skip locked
  );
  v_read bigint[] := array(
    select sized.id
    from (
      select i.id, sum(octet_length(i.body)) over (order by i.id) - octet_length(i.body) as bytes_before
      from inbox i
      where i.id = any (v_due)
    ) sized
    where sized.bytes_before < p_bytes
  );
begin
  return query
  update ticket t set lease_owner = p_owner, lease_until = now() + p_lease
  from inbox i
  where t.inbox_id = any (v_read) and i.id = t.inbox_id
  returning t.inbox_id, t.account_id, t.tries, i.source, i.body;
end $$;

-- Brings the chain of these people up to date for these days, in scopes that change_totals has made. It compares what is with
-- what should be, so calling it twice, or for a day on which nothing changed, does nothing.
create or replace function rechain(p_days person_day[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_people bigint[] := array(select distinct person_id from unnest(p_days));
  v_came giving_day[];
  v_went giving_day[];
  v_before giving_day[];
  v_after giving_day[];
  v_added giving_day[];
  v_moved giving_day[];
begin
  with should as materialized (
    select g.scope_id, g.kind collate "C" as kind, g.person_id, g.day from giving_of(p_days) g
  ), have as materialized (
    select distinct h.scope_id, h.kind, h.person_id, h.day
    from unnest(p_days) d
    join giving_day h on h.person_id = d.person_id and h.day = d.day
  )
  select
    (select array_agg(row(c.scope_id, c.kind, c.person_id, c.day, null)::giving_day) from (table should except table have) c),
    (select array_agg(row(w.scope_id, w.kind, w.person_id, w.day, null)::giving_day) from (table have except table should) w)
  into v_came, v_went;
  if v_came is null and v_went is null then
    return;
  end if;

  -- All the people's days are read, by person alone, and compared as a whole: a join with the scopes at hand, planned while the
  -- tables are young, would compare every day with every other (1.3 s for 500 people with eight gifts each).
  with before as materialized (
    select scope_id, kind, person_id, day, previous from giving_day where person_id = any (v_people)
  ), days as (
    select scope_id, kind, person_id, day from before
    union
    select scope_id, kind, person_id, day from unnest(v_came)
    except
    select scope_id, kind, person_id, day from unnest(v_went)
  ), after as materialized (
    select scope_id, kind, person_id, day, lag(day) over (partition by scope_id, kind, person_id order by day) as previous
    from days
  ), change as materialized (
    select
      row(b.scope_id, b.kind, b.person_id, b.day, b.previous)::giving_day as was,
      row(a.scope_id, a.kind, a.person_id, a.day, a.previous)::giving_day as is_now,
      b.day is not null as stood,
      a.day is not null as stands
    from before b
    full join after a using (scope_id, kind, person_id, day)
    where b.day is null or a.day is null or b.previous is distinct from a.previous
  )
  select
    (select array_agg(was) from change where stood),
    (select array_agg(is_now) from change where stands),
    (select array_agg(is_now) from change where stands and not stood),
    (select array_agg(is_now) from change where stands and stood)
  into v_before, v_after, v_added, v_moved;

  delete from giving_day d
  using unnest(v_went) w
  where (d.person_id, d.day, d.scope_id, d.kind) = (w.person_id, w.day, w.scope_id, w.kind);
  update giving_day d set previous = m.previous
  from unnest(v_moved) m
  where (d.person_id, d.day, d.scope_id, d.kind) = (m.person_id, m.day, m.scope_id, m.kind);
  insert into giving_day (scope_id, kind, person_id, day, previous)
  select scope_id, kind, person_id, day, previous from unnest(v_added);

  insert into giving_month as m (scope_id, kind, month, previous_month, people)
  select scope_id, kind, month_of(day), month_of(previous), count(*)
  from unnest(v_after)
  group by 1, 2, 3, 4
  on conflict (scope_id, kind, month, previous_month) do update set people = m.people + excluded.people;

  update giving_month m
  set people = m.people - b.people
  from (
    select scope_id, kind, month_of(day) as month, month_of(previous) as previous_month, count(*) as people
    from unnest(v_before)
    group by 1, 2, 3, 4
  ) b
  where (m.scope_id, m.kind, m.month) = (b.scope_id, b.kind, b.month) and m.previous_month is not distinct from b.previous_month;

  delete from giving_month m
  using (select distinct scope_id, kind, month_of(day) as month from unnest(v_before)) b
  where (m.scope_id, m.kind, m.month) = (b.scope_id, b.kind, b.month) and m.people = 0;
end $$;
