-- The audit trail of settings: who changed what, when, and what it was before and after. It only grows, and each row
-- carries a SHA-256 over the row before and its own content, so that no row can be altered, removed or put in between
-- without `change_chain_breaks()` naming it. It holds no secrets and nothing of donors.

create table change (
  number bigint primary key constraint changes_are_numbered_from_one check (number >= 1),
  at timestamptz not null,
  staff_id text not null,
  staff_name text not null,
  deed text not null,
  kind text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  previous bytea not null,
  hash bytea not null constraint a_hash_is_stated_once unique,
  constraint a_change_has_a_side check (before is not null or after is not null)
);
create index change_by_kind on change (kind, number);

-- What a row's hash covers, in one text that the same row always has: jsonb keeps its keys in one order, and the moment
-- is written in UTC to the microsecond.
create function change_content(c change) returns text language sql stable as $$
  select jsonb_build_array(
    c.number, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), c.staff_id, c.staff_name, c.deed, c.kind, c.subject,
    c.before, c.after
  )::text
$$;

create function change_hash(c change) returns bytea language sql stable as $$
  select sha256(c.previous || convert_to(change_content(c), 'UTF8'))
$$;

-- Number, moment, link and hash are the database's own, whatever an insert says.
create function link_change() returns trigger language plpgsql as $$
declare
  v_last change;
begin
  perform pg_advisory_xact_lock(4172);
  select * into v_last from change order by number desc limit 1;
  new.number := coalesce(v_last.number, 0) + 1;
  new.at := clock_timestamp();
  new.previous := coalesce(v_last.hash, '\x');
  new.hash := change_hash(new);
  return new;
end $$;

create trigger link_change before insert on change for each row execute function link_change();

create function changes_only_grow() returns trigger language plpgsql as $$
begin
  raise exception 'the trail of changes only grows' using errcode = 'check_violation';
end $$;

create trigger changes_only_grow before update or delete or truncate on change
  for each statement execute function changes_only_grow();

-- Writes down a change, inside the function that makes it. `p_staff` is {"id", "name"}. What belongs to organisations says
-- so in "organisations", a list of slugs, in `p_before` or `p_after`: whoever holds a role for one of them only sees what
-- names it. Answers the change's number. Take the ledger lock before, where both are needed.
create function record_change(p_staff jsonb, p_deed text, p_kind text, p_subject text, p_before jsonb, p_after jsonb)
returns bigint language sql as $$
  insert into change (number, at, staff_id, staff_name, deed, kind, subject, before, after, previous, hash)
  values (1, now(), p_staff ->> 'id', p_staff ->> 'name', p_deed, p_kind, p_subject, p_before, p_after, '\x', '\x')
  returning number
$$;

-- Every row that is not what was written: altered, missing before it, or not linked to the row before.
create function change_chain_breaks() returns table (number bigint, broken text, stored text, expected text)
language sql stable as $$
  with linked as (
    select c as change, c.number, c.hash, c.previous, lag(c.number) over w as before_number, lag(c.hash) over w as before_hash
    from change c
    window w as (order by c.number)
  )
  select l.number, 'content differs from its hash', encode(l.hash, 'hex'), encode(change_hash(l.change), 'hex')
  from linked l
  where l.hash <> change_hash(l.change)
  union all
  select l.number, 'a change before it is missing', coalesce(l.before_number, 0)::text, (l.number - 1)::text
  from linked l
  where l.number - 1 <> coalesce(l.before_number, 0)
  union all
  select l.number, 'is not linked to the change before it', encode(l.previous, 'hex'), encode(coalesce(l.before_hash, '\x'), 'hex')
  from linked l
  where l.previous <> coalesce(l.before_hash, '\x')
$$;
