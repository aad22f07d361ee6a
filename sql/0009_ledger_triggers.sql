-- The triggers that keep totals and chain. Each looks at the rows a statement wrote, old and new together.

create function gift_written() returns trigger language plpgsql as $$
declare
  v_old gift[];
  v_new gift[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
  end if;
  if v_old is null and v_new is null then
    return null;
  end if;
  perform change_totals(array(
    select gift_change(g, -1) from unnest(v_old) g
    union all
    select gift_change(g, 1) from unnest(v_new) g
  ));
  perform rechain(array(
    select distinct row(i.person_id, g.counted_on)::person_day
    from (select identity_id, counted_on from unnest(v_old) union select identity_id, counted_on from unnest(v_new)) g
    join identity i on i.id = g.identity_id
  ));
  return null;
end $$;

create trigger gift_inserted after insert on gift referencing new table as new_rows
  for each statement execute function gift_written();
create trigger gift_updated after update on gift referencing old table as old_rows new table as new_rows
  for each statement execute function gift_written();
create trigger gift_deleted after delete on gift referencing old table as old_rows
  for each statement execute function gift_written();

create function sale_written() returns trigger language plpgsql as $$
declare
  v_old sale[];
  v_new sale[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
  end if;
  if v_old is null and v_new is null then
    return null;
  end if;
  perform change_totals(array(
    select sale_change(s, -1) from unnest(v_old) s
    union all
    select sale_change(s, 1) from unnest(v_new) s
  ));
  perform rechain(array(
    select distinct row(i.person_id, s.counted_on)::person_day
    from (select identity_id, counted_on from unnest(v_old) union select identity_id, counted_on from unnest(v_new)) s
    join identity i on i.id = s.identity_id
  ));
  return null;
end $$;

create trigger sale_inserted after insert on sale referencing new table as new_rows
  for each statement execute function sale_written();
create trigger sale_updated after update on sale referencing old table as old_rows new table as new_rows
  for each statement execute function sale_written();
create trigger sale_deleted after delete on sale referencing old table as old_rows
  for each statement execute function sale_written();

create function return_written() returns trigger language plpgsql as $$
declare
  v_old return_part[];
  v_new return_part[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
  end if;
  if v_old is null and v_new is null then
    return null;
  end if;
  perform change_totals(array(
    select return_change(r, -1) from unnest(v_old) r
    union all
    select return_change(r, 1) from unnest(v_new) r
  ));
  return null;
end $$;

create trigger return_inserted after insert on return_part referencing new table as new_rows
  for each statement execute function return_written();
create trigger return_updated after update on return_part referencing old table as old_rows new table as new_rows
  for each statement execute function return_written();
create trigger return_deleted after delete on return_part referencing old table as old_rows
  for each statement execute function return_written();

-- When people are merged or told apart, the days of both persons are looked at again.
create function identity_moved() returns trigger language plpgsql as $$
begin
  perform rechain(array(
    select distinct row(moved.person_id, given.day)::person_day
    from (
      select id, person_id from old_rows
      union
      select id, person_id from new_rows
    ) moved
    cross join lateral (
      select g.counted_on as day from gift g where g.identity_id = moved.id
      union
      select s.counted_on from sale s where s.identity_id = moved.id
    ) given
  ));
  return null;
end $$;

create trigger identity_moved after update on identity referencing old table as old_rows new table as new_rows
  for each statement execute function identity_moved();
