-- The inbox: every signed delivery and every answer of Stripe, word for word, before anything is made of it.
-- A row is written once. What is still to be done with it stands in a narrow ticket, which goes when the event is booked,
-- so the body is never copied by an update.

create table inbox (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  event_id text collate "C" not null,
  livemode boolean not null,
  source text not null
    constraint an_event_comes_by_webhook_fetch_or_sweep check (source in ('webhook', 'fetch', 'sweep')),
  type text not null,
  api_version text,
  -- The event's own account or context; a normal account's own events name none.
  stripe_account text,
  object_id text,
  created timestamptz,
  received_at timestamptz not null default now(),
  mark text
    constraint a_mark_says_why_an_event_is_not_read
      check (mark in ('wrong mode', 'other account', 'type not listened to', 'thin event')),
  body text not null,
  constraint an_event_is_kept_once_for_account_and_mode unique (account_id, livemode, event_id)
);
-- Uncompressed: compressing costs the door more than it saves, and these are the bytes that were signed.
alter table inbox alter column body set storage external;
create index inbox_marked on inbox (mark, account_id, stripe_account) where mark is not null;

create table ticket (
  -- No foreign key: only the statement that keeps the event writes its ticket, and checking each costs a tenth of the door.
  inbox_id bigint primary key,
  -- The same as the inbox row's, for telling accounts apart without its wide rows.
  account_id bigint not null,
  next_at timestamptz not null default now(),
  lease_owner uuid,
  lease_until timestamptz,
  tries bigint not null default 0 constraint tries_count_from_zero check (tries >= 0),
  error text,
  dead_at timestamptz,
  constraint a_lease_has_an_owner_and_an_end check ((lease_owner is null) = (lease_until is null)),
  constraint a_dead_letter_says_why check (dead_at is null or error is not null)
  -- Rows live for a moment: room on each page keeps lease updates on it, and vacuum must not wait for a share of the table.
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index ticket_due on ticket (next_at, inbox_id) where dead_at is null;
create index ticket_dead_letters on ticket (dead_at) where dead_at is not null;

-- Until when each account's events were looked through for those that Stripe could not deliver.
create table undelivered_sweep (
  account_id bigint primary key references account,
  swept_to timestamptz not null
);

-- Keeps a batch of deliveries and writes their tickets, in one statement, so that none is kept without its ticket.
-- An event kept before is left as it is. The rows come back in no order; place is the delivery's place in the batch.
-- Rows are written in the order of their key, whoever sends them, so that two batches never wait for each other.
create function store_events(p_events jsonb) returns table (place bigint, mark text, is_new boolean) language plpgsql as $$
#variable_conflict use_column
begin
  return query with delivery as materialized (
    select
      e.place, e.account_id, e.event_id, e.livemode, e.source, e.type, e.api_version, e.stripe_account, e.object_id, e.created, e.body,
      case
        when e.mark = 'wrong mode' then e.mark
        when e.stripe_account is not null and e.stripe_account is distinct from a.stripe_account_id then 'other account'
        else e.mark
      end as mark
    from jsonb_to_recordset(p_events) e (
      place bigint, account_id bigint, event_id text, livemode boolean, source text, type text, api_version text,
      stripe_account text, object_id text, created timestamptz, mark text, body text
    )
    left join account a on a.id = e.account_id
  ), kept as (
    insert into inbox as i (
      account_id, event_id, livemode, source, type, api_version, stripe_account, object_id, created, mark, body
    )
    select account_id, event_id, livemode, source, type, api_version, stripe_account, object_id, created, mark, body
    from delivery
    order by account_id, livemode, event_id collate "C"
    on conflict on constraint an_event_is_kept_once_for_account_and_mode do nothing
    returning i.id, i.account_id, i.livemode, i.event_id, i.mark
  ), ticketed as (
    insert into ticket (inbox_id, account_id)
    select id, account_id from kept where kept.mark is null
  )
  select d.place, d.mark, k.id is not null
  from delivery d
  left join kept k on (k.account_id, k.livemode, k.event_id) = (d.account_id, d.livemode, d.event_id);
end $$;

-- Gives tickets to the events that were put aside because we did not know yet that they are this account's.
-- The table lock waits for deliveries that still compare with the old account, so that none of them is missed.
create function read_events_of_account_again(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_tickets bigint;
begin
  lock table inbox in share row exclusive mode;
  with known as (
    update inbox i set mark = null
    from account a
    where a.id = p_account_id and i.account_id = a.id and i.mark = 'other account' and i.stripe_account = a.stripe_account_id
    returning i.id, i.account_id
  )
  insert into ticket (inbox_id, account_id)
  select id, account_id from known;
  get diagnostics v_tickets = row_count;
  return v_tickets;
end $$;

create function events_are_read_once_their_account_is_known() returns trigger language plpgsql as $$
begin
  perform read_events_of_account_again(new.id);
  return null;
end $$;

-- Gives tickets to the events of types that nobody listened to when they came, and that are listened to now.
create function read_events_of_types_again(p_types jsonb) returns bigint language plpgsql as $$
declare
  v_tickets bigint;
begin
  with known as (
    update inbox i set mark = null
    where i.mark = 'type not listened to' and i.type in (select t from jsonb_array_elements_text(p_types) t)
    returning i.id, i.account_id
  )
  insert into ticket (inbox_id, account_id)
  select id, account_id from known
  on conflict (inbox_id) do nothing;
  get diagnostics v_tickets = row_count;
  return v_tickets;
end $$;

create trigger events_are_read_once_their_account_is_known after update of stripe_account_id on account
  for each row when (new.stripe_account_id is distinct from old.stripe_account_id)
  execute function events_are_read_once_their_account_is_known();
