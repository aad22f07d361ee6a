-- Packs for the board's meetings. A pack is a snapshot: all that the dashboard showed at one moment, as JSON, with the
-- treasurer's note and the words in which the numbers were defined then. It is never changed and never removed; packs are
-- numbered without gaps, so that a missing one would be seen.

create table board_pack (
  number bigint primary key constraint packs_are_numbered_from_one check (number >= 1),
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  period_from date,
  period_to date,
  currency text not null constraint a_packs_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  languages text not null constraint a_pack_is_english_french_or_both check (languages in ('en', 'fr', 'en fr')),
  note text not null constraint a_packs_note_is_not_a_book check (length(note) <= 8000),
  earlier bigint references board_pack constraint an_earlier_pack_comes_before check (earlier < number),
  -- The first day of the month that the service made this pack of by itself; null for one that somebody asked for.
  month date constraint a_month_begins_on_its_first_day check (extract(day from month) = 1),
  snapshot jsonb not null,
  made_at timestamptz not null,
  staff_id text not null,
  staff_name text not null,
  constraint a_packs_period_does_not_end_before_it_starts check (period_from <= period_to)
);
create unique index a_month_is_packed_once on board_pack (organisation_id, fund_id, month) nulls not distinct where month is not null;
create index board_pack_by_organisation on board_pack (organisation_id);
create index board_pack_by_fund on board_pack (fund_id);
create index board_pack_by_campaign on board_pack (campaign_id);
create index board_pack_by_earlier on board_pack (earlier);

create function a_pack_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a pack is never changed: make a new one' using errcode = 'check_violation', constraint = 'a_pack_is_never_changed';
end $$;

create trigger a_pack_is_never_changed before update or delete or truncate on board_pack
  for each statement execute function a_pack_is_never_changed();

-- An address that shows one pack, and nothing else, without sign-in, until it ends or is taken back. Only the hash of its
-- secret is kept. What it shows was worked out when it was made and is stored here, so that two looks never differ.
create table pack_link (
  id bigint generated always as identity primary key,
  hash bytea not null constraint a_secret_opens_one_pack unique constraint a_links_hash_is_of_256_bits check (length(hash) = 32),
  pack_number bigint not null references board_pack,
  shared jsonb not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  staff_id text not null,
  staff_name text not null,
  revoked_at timestamptz,
  revoked_by text,
  constraint a_link_ends_after_it_begins check (expires_at > made_at),
  constraint who_takes_a_link_back_is_known check ((revoked_at is null) = (revoked_by is null))
);
create index pack_link_by_pack on pack_link (pack_number);

create function a_link_is_only_taken_back() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.revoked_at is not null
    or (new.id, new.hash, new.pack_number, new.shared, new.made_at, new.expires_at, new.staff_id, new.staff_name)
      is distinct from (old.id, old.hash, old.pack_number, old.shared, old.made_at, old.expires_at, old.staff_id, old.staff_name) then
    raise exception 'a link to a pack can only be taken back' using errcode = 'check_violation', constraint = 'a_link_is_only_taken_back';
  end if;
  return new;
end $$;

create trigger a_link_is_only_taken_back before update or delete on pack_link
  for each row execute function a_link_is_only_taken_back();

-- Each time a link was opened: when, and what. Not by whom, and not from where.
create table pack_opening (
  link_id bigint not null references pack_link,
  at timestamptz not null,
  what text not null constraint a_link_opens_the_page_or_the_pdf check (what in ('page', 'pdf'))
);
create index pack_opening_by_link on pack_opening (link_id, at);

-- Where the pack of each month goes to the board by itself, from the months on whose mail is due on this day or later.
create table monthly_pack (
  id bigint generated always as identity primary key,
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  languages text not null constraint a_monthly_pack_is_english_french_or_both check (languages in ('en', 'fr', 'en fr')),
  since date not null,
  constraint a_place_has_one_monthly_pack unique nulls not distinct (organisation_id, fund_id)
);
create index monthly_pack_by_fund on monthly_pack (fund_id);

-- How the trail of changes names the place of a pack, for those who may see only what is of their organisation.
create function place_in_trail(p_organisation bigint, p_fund bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'organisation', (select slug from organisation where id = p_organisation),
    'fund', (select slug from fund where id = p_fund),
    'organisations', coalesce((select jsonb_agg(slug) from organisation where id = p_organisation), '[]')
  )
$$;

-- Makes a pack: { organisation, fund, campaign, from, to, currency, languages, note, earlier, month, snapshot, at }. Answers
-- its number. One at a time, so that no number is left out.
create function make_board_pack(p_by jsonb, p_pack jsonb) returns bigint language plpgsql as $$
declare
  v_number bigint;
  v_organisation bigint := (p_pack ->> 'organisation')::bigint;
  v_fund bigint := (p_pack ->> 'fund')::bigint;
  v_campaign bigint := (p_pack ->> 'campaign')::bigint;
  v_earlier bigint := (p_pack ->> 'earlier')::bigint;
begin
  perform pg_advisory_xact_lock(4178);
  if v_earlier is not null and not exists (
    select from board_pack e
    where e.number = v_earlier and e.organisation_id is not distinct from v_organisation
      and e.fund_id is not distinct from v_fund and e.campaign_id is not distinct from v_campaign
      and e.currency = p_pack ->> 'currency'
  ) then
    raise exception 'the pack of the last meeting must be of the same place and in the same currency' using errcode = 'check_violation',
      constraint = 'an_earlier_pack_is_of_the_same_place';
  end if;
  select coalesce(max(number), 0) + 1 into v_number from board_pack;
  insert into board_pack (
    number, organisation_id, fund_id, campaign_id, period_from, period_to, currency, languages, note, earlier, month, snapshot,
    made_at, staff_id, staff_name
  ) values (
    v_number, v_organisation, v_fund, v_campaign, (p_pack ->> 'from')::date, (p_pack ->> 'to')::date, p_pack ->> 'currency',
    p_pack ->> 'languages', p_pack ->> 'note', v_earlier, (p_pack ->> 'month')::date, p_pack -> 'snapshot',
    (p_pack ->> 'at')::timestamptz, p_by ->> 'id', p_by ->> 'name'
  );
  perform record_change(p_by, 'made', 'board pack', v_number::text, null, place_in_trail(v_organisation, v_fund) || jsonb_build_object(
    'from', p_pack ->> 'from', 'to', p_pack ->> 'to', 'languages', p_pack ->> 'languages'
  ));
  return v_number;
end $$;

-- Makes a link to a pack: { hash (hex), pack, days, shared, at }. Answers its id.
create function make_pack_link(p_by jsonb, p_link jsonb) returns bigint language plpgsql as $$
declare
  v_id bigint;
  v_days bigint := (p_link ->> 'days')::bigint;
  v_pack board_pack;
begin
  if v_days is null or v_days not in (7, 30, 90) then
    raise exception 'a link lasts 7, 30 or 90 days' using errcode = 'check_violation', constraint = 'a_link_lasts_7_30_or_90_days';
  end if;
  select * into v_pack from board_pack where number = (p_link ->> 'pack')::bigint;
  if v_pack.number is null then
    raise exception 'there is no such pack' using errcode = 'no_data_found';
  end if;
  insert into pack_link (hash, pack_number, shared, made_at, expires_at, staff_id, staff_name)
  values (
    decode(p_link ->> 'hash', 'hex'), v_pack.number, p_link -> 'shared', (p_link ->> 'at')::timestamptz,
    (p_link ->> 'at')::timestamptz + make_interval(days => v_days::int), p_by ->> 'id', p_by ->> 'name'
  )
  returning id into v_id;
  perform record_change(p_by, 'made', 'pack link', v_id::text, null, place_in_trail(v_pack.organisation_id, v_pack.fund_id)
    || jsonb_build_object('pack', v_pack.number::text, 'days', v_days::text));
  return v_id;
end $$;

-- Takes a link back, for good. Answers whether this is the call that did.
create function revoke_pack_link(p_by jsonb, p_pack bigint, p_link bigint, p_at timestamptz) returns boolean language plpgsql as $$
declare
  v_place jsonb;
begin
  update pack_link l set revoked_at = p_at, revoked_by = p_by ->> 'name'
  from board_pack p
  where l.id = p_link and l.pack_number = p_pack and l.revoked_at is null and p.number = l.pack_number
  returning place_in_trail(p.organisation_id, p.fund_id) || jsonb_build_object('pack', p.number::text) into v_place;
  if not found then
    return false;
  end if;
  perform record_change(p_by, 'revoked', 'pack link', p_link::text, v_place, null);
  return true;
end $$;

-- What a link shows, if it still shows anything; that it was opened is written down.
create function open_pack_link(p_hash text, p_what text, p_at timestamptz) returns table (
  link_id bigint, pack_number bigint, shared jsonb, expires_at timestamptz
) language plpgsql as $$
declare
  v_link pack_link;
begin
  select l.* into v_link from pack_link l
  where l.hash = decode(p_hash, 'hex') and l.revoked_at is null and l.expires_at > p_at;
  if v_link.id is null then
    return;
  end if;
  insert into pack_opening (link_id, at, what) values (v_link.id, p_at, p_what);
  return query select v_link.id, v_link.pack_number, v_link.shared, v_link.expires_at;
end $$;

-- Switches the pack of each month on for a place, with its languages, or off with null.
create function switch_monthly_pack(p_by jsonb, p_organisation bigint, p_fund bigint, p_languages text, p_day date) returns void
language plpgsql as $$
declare
  v_before jsonb;
  v_place jsonb := place_in_trail(p_organisation, p_fund);
begin
  perform pg_advisory_xact_lock(4178);
  select v_place || jsonb_build_object('languages', m.languages) into v_before
  from monthly_pack m
  where m.organisation_id is not distinct from p_organisation and m.fund_id is not distinct from p_fund;
  if p_languages is null then
    delete from monthly_pack m
    where m.organisation_id is not distinct from p_organisation and m.fund_id is not distinct from p_fund;
  else
    insert into monthly_pack as m (organisation_id, fund_id, languages, since)
    values (p_organisation, p_fund, p_languages, p_day)
    on conflict on constraint a_place_has_one_monthly_pack do update set languages = excluded.languages;
  end if;
  if v_before is not null or p_languages is not null then
    perform record_change(p_by, case when p_languages is null then 'switched off' else 'switched on' end, 'monthly pack',
      coalesce(v_place ->> 'fund', v_place ->> 'organisation', 'all'), v_before,
      case when p_languages is not null then v_place || jsonb_build_object('languages', p_languages) end);
  end if;
end $$;

-- The packs that are due at this moment: of the month before, from its place's third day of the month on, and not made yet.
create function due_monthly_packs(p_at timestamptz) returns table (organisation_id bigint, fund_id bigint, languages text, month date)
language sql stable as $$
  with asked as (
    select m.*, organisation_day(coalesce(m.organisation_id, (
      select o.id from organisation o where o.archived_on is null order by o.position, o.id limit 1
    )), p_at) as today
    from monthly_pack m
  ), due as (
    select a.*, date_trunc('month', a.today)::date as first_day from asked a
  )
  select d.organisation_id, d.fund_id, d.languages, (d.first_day - interval '1 month')::date
  from due d
  where d.today >= d.first_day + 2 and d.first_day + 2 >= d.since
    and not exists (
      select from board_pack p
      where p.organisation_id is not distinct from d.organisation_id and p.fund_id is not distinct from d.fund_id
        and p.month = (d.first_day - interval '1 month')::date
    )
  order by d.id
$$;

-- Who is told of the pack of a place: its board, treasurers and admins.
create function pack_recipients(p_organisation bigint, p_fund bigint) returns table (staff_id text, email text)
language sql stable as $$
  select distinct s.id, s.email
  from auth.staff s join auth.membership m on m.staff_id = s.id
  where s.left_at is null and m.role in ('board', 'treasurer', 'admin')
    and (m.organisation_id is null or m.organisation_id = p_organisation) and (m.fund_id is null or m.fund_id = p_fund)
  order by s.id
$$;

-- Makes the pack of a month with its link, and puts the mails that bring it into the queue: all of it or nothing. Answers the
-- pack's number, or null when the month has its pack already.
create function send_monthly_pack(p_by jsonb, p_pack jsonb, p_link jsonb, p_mails jsonb) returns bigint language plpgsql as $$
declare
  v_number bigint;
begin
  perform pg_advisory_xact_lock(4178);
  if exists (
    select from board_pack p
    where p.organisation_id is not distinct from (p_pack ->> 'organisation')::bigint
      and p.fund_id is not distinct from (p_pack ->> 'fund')::bigint and p.month = (p_pack ->> 'month')::date
  ) then
    return null;
  end if;
  v_number := make_board_pack(p_by, p_pack);
  perform make_pack_link(p_by, p_link || jsonb_build_object('pack', v_number::text));
  perform queue_mail(p_mails);
  return v_number;
end $$;

-- A mail that was handed over keeps its words, but not the secret of the link that it brought.
create function a_sent_mail_forgets_its_secret() returns trigger language plpgsql as $$
begin
  new.body := regexp_replace(new.body, '/packs/[A-Za-z0-9_-]{43}', '/packs/...', 'g');
  return new;
end $$;

create trigger a_sent_mail_forgets_its_secret before update of sent_at on mail
  for each row when (old.sent_at is null and new.sent_at is not null and new.key like 'pack/%')
  execute function a_sent_mail_forgets_its_secret();
