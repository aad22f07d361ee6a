-- Money that moves otherwise than through Stripe: between funds, to beneficiaries, to partners, for expenses, to the bank. Each
-- kind is one function that checks, writes the move down and posts it. A move is never changed: it is voided by another one.

-- Papers that prove a payment, in the database so that one backup holds all. The number is made of the content.
create table evidence (
  id text primary key constraint evidence_is_named_by_its_content check (id ~ '^[0-9a-f]{32}$'),
  type text not null constraint evidence_is_a_pdf_or_a_picture
    check (type in ('application/pdf', 'image/png', 'image/jpeg', 'image/webp')),
  bytes bytea not null constraint evidence_is_at_most_2_mb check (octet_length(bytes) between 1 and 2097152),
  name text not null constraint a_file_name_is_short check (length(name) between 1 and 200),
  made_at timestamptz not null default now()
);

create table money_move (
  id bigint generated always as identity primary key,
  key text collate "C" not null generated always as ('move_' || id) stored constraint a_move_is_known_once unique,
  request text not null,
  organisation_id bigint not null references organisation,
  kind text not null constraint a_move_is_of_a_known_kind check (kind in (
    'transfer', 'administration share', 'disbursement', 'expense', 'payable paid', 'deposit', 'cash difference',
    'partner payment', 'collected for partner', 'paid over', 'void'
  )),
  day date not null,
  -- Why, in the treasurer's words; of an administration share, how it was disclosed.
  note text not null default '',
  payee_kind text constraint a_payee_is_of_a_known_kind check (payee_kind in ('person or family', 'qualified donee', 'other')),
  payee text,
  purpose text,
  tag text constraint an_expense_has_a_known_function check (tag in ('charitable', 'management', 'fundraising')),
  rate_bp bigint constraint a_share_is_at_most_all_of_it check (rate_bp between 1 and 10000),
  evidence text references evidence,
  -- The other organisation of a joint fund; and on its side of such a move, the payer's side.
  partner_id bigint references organisation,
  counterpart_of bigint references money_move constraint a_move_has_one_counterpart unique,
  -- What this one takes back: another move, or a gift or sale by hand by the key of its payment.
  voids bigint references money_move constraint a_move_is_voided_once unique,
  voids_payment text collate "C" constraint a_payment_by_hand_is_voided_once unique,
  line_count bigint not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  constraint a_move_is_recorded_once_a_side unique nulls not distinct (request, counterpart_of),
  constraint a_disbursement_names_who_and_what_for
    check (kind <> 'disbursement' or (payee_kind is not null and payee <> '' and purpose <> '')),
  constraint an_expense_names_who_what_for_and_its_function
    check (kind <> 'expense' or (tag is not null and payee <> '' and purpose <> '')),
  constraint only_a_void_takes_something_back check ((kind = 'void') = (num_nonnulls(voids, voids_payment) = 1)),
  constraint a_void_says_why check (kind <> 'void' or note <> ''),
  constraint a_void_has_no_lines check (line_count >= case when kind = 'void' then 0 else 2 end)
);
create index money_move_by_day on money_move (day desc, id desc);
create index money_move_by_organisation on money_move (organisation_id, day desc, id desc);
create index money_move_by_partner on money_move (partner_id);
create index money_move_by_evidence on money_move (evidence) where evidence is not null;

create table money_move_line (
  move_id bigint not null references money_move,
  line_number bigint not null,
  code text collate "C" not null references book_account,
  fund_id bigint not null references fund,
  currency currency_code not null,
  amount_minor bigint not null constraint a_line_of_a_move_moves_money check (amount_minor <> 0),
  primary key (move_id, line_number)
);
create index money_move_line_by_fund on money_move_line (fund_id);
create index money_move_line_by_code on money_move_line (code);

create function a_move_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a move of money is never changed; what is wrong is voided and recorded anew' using errcode = 'check_violation';
end $$;

create trigger a_move_is_never_changed before update or delete on money_move
  for each row execute function a_move_is_never_changed();
create trigger moves_are_never_emptied before truncate on money_move
  for each statement execute function a_move_is_never_changed();
create trigger a_move_is_never_changed before update or delete on money_move_line
  for each row execute function a_move_is_never_changed();
create trigger moves_are_never_emptied before truncate on money_move_line
  for each statement execute function a_move_is_never_changed();
create trigger hold_ledger_lock before insert on money_move for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert on money_move_line for each statement execute function hold_ledger_lock();

-- The lines of a move are written at once, as many as it says, and balance by fund and currency.
create function lines_of_a_move_written() returns trigger language plpgsql as $$
begin
  if exists (
    select from new_lines l join money_move m on m.id = l.move_id group by m.id, m.line_count having count(*) <> m.line_count
  ) then
    raise exception 'the lines of a move are written at once, and none is added later' using errcode = 'check_violation';
  end if;
  if exists (select from new_lines l group by l.move_id, l.fund_id, l.currency having sum(l.amount_minor) <> 0) then
    raise exception 'a move balances in each fund and currency' using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger lines_of_a_move_written after insert on money_move_line referencing new table as new_lines
  for each statement execute function lines_of_a_move_written();

-- What a fund can spend: what it has at the bank, in hand, at Stripe, on the way and on the shelf, less what it owes.
create function is_spendable(p_code text) returns boolean language sql immutable parallel safe as $$
  select p_code in ('1000', '1010', '1050', '1100', '1105', '1200', '1300') or p_code like '2%'
$$;

-- What an account of the books holds for a fund at the end of a day, at its least from that day on.
create function least_held(p_organisation_id bigint, p_fund_id bigint, p_currency text, p_code text, p_day date) returns bigint
language sql stable as $$
  with moved as (
    select t.starts_on, sum(t.amount_minor) as amount_minor
    from book_total t
    where t.grain = 'day' and t.organisation_id = p_organisation_id and t.fund_id = p_fund_id and t.currency = p_currency
      and case when p_code = 'spendable' then is_spendable(t.code) else t.code = p_code end
    group by t.starts_on
    union all
    select '-infinity', 0
  ), held as (
    select sum(m.amount_minor) over (order by m.starts_on) as amount_minor, lead(m.starts_on) over (order by m.starts_on) as next_on
    from moved m
  )
  select min(h.amount_minor)::bigint from held h where h.next_on is null or h.next_on > p_day
$$;

-- An amount as a refusal says it; what has another exponent than two is rare and told in minor units.
create function amount_in_words(p_minor bigint, p_currency text) returns text language sql immutable parallel safe as $$
  select case when p_currency in ('JPY', 'KRW', 'CLP', 'ISK', 'VND') then p_minor::text else trim(to_char(p_minor / 100.0, '999999999990.00')) end
    || ' ' || p_currency
$$;

-- Nothing leaves an externally restricted fund (one that says what alone its money is for) below zero, on the day or later.
create function refuse_overdrawn(p_organisation_id bigint, p_fund_id bigint, p_currency text, p_day date) returns void
language plpgsql stable as $$
declare
  v_fund fund;
  v_least bigint;
begin
  select * into v_fund from fund where id = p_fund_id;
  if v_fund.restriction = '' then
    return;
  end if;
  v_least := least_held(p_organisation_id, p_fund_id, p_currency, 'spendable', p_day);
  if v_least < 0 then
    raise exception 'fund % is restricted and would be left % short', v_fund.slug, amount_in_words(-v_least, p_currency)
      using errcode = 'check_violation';
  end if;
end $$;

-- What a form names. Each refuses in words what is not there.
create function named_organisation(p_slug text) returns organisation language plpgsql stable as $$
declare
  v_found organisation;
begin
  select * into v_found from organisation where slug = p_slug;
  if v_found.id is null then
    raise exception 'there is no organisation %', coalesce(p_slug, 'without a name') using errcode = 'no_data_found';
  end if;
  return v_found;
end $$;

create function named_fund(p_slug text, p_organisation organisation) returns fund language plpgsql stable as $$
declare
  v_found fund;
begin
  select * into v_found from fund where slug = p_slug;
  if v_found.id is null then
    raise exception 'there is no fund %', coalesce(p_slug, 'without a name') using errcode = 'no_data_found';
  end if;
  if not is_fund_of(v_found.id, p_organisation.id) then
    raise exception 'fund % is not one of organisation %', v_found.slug, p_organisation.slug using errcode = 'check_violation';
  end if;
  return v_found;
end $$;

create function above_zero(p_amount text) returns bigint language plpgsql immutable as $$
begin
  if p_amount is null or p_amount::bigint <= 0 then
    raise exception 'an amount is above zero' using errcode = 'check_violation';
  end if;
  return p_amount::bigint;
end $$;

-- The day of something recorded by hand: not to come, not in a closed month, not before the books begin.
create function day_by_hand(p_organisation organisation, p_day date) returns date language plpgsql stable as $$
begin
  if p_day is null or p_day > organisation_day(p_organisation.id, now()) then
    raise exception 'the day % is still to come', coalesce(p_day::text, 'that was not named') using errcode = 'check_violation';
  end if;
  if is_closed(p_organisation.id, p_day) then
    raise exception '% of % is closed: choose a day from % on', to_char(p_day, 'FMMonth YYYY'), p_organisation.slug,
      first_open_day(p_organisation.id, p_day) using errcode = 'check_violation';
  end if;
  if p_day < p_organisation.books_begin_on then
    raise exception 'the books of % begin on %: what was before is in its opening balances', p_organisation.slug,
      p_organisation.books_begin_on using errcode = 'check_violation';
  end if;
  return p_day;
end $$;

create function words_of(p_move jsonb, p_key text) returns text language sql immutable parallel safe as $$
  select coalesce(trim(p_move ->> p_key), '')
$$;

create type move_line as (code text, fund_id bigint, currency text, amount_minor bigint);

-- The move that a request has already become; null when it is a new one. Takes the ledger lock.
create function known_move(p_request text) returns bigint language plpgsql as $$
begin
  perform take_ledger_lock();
  return (select m.id from money_move m where m.request = p_request and m.counterpart_of is null);
end $$;

-- The trail keeps of a move its number, kind, day, sums and funds; whom it was paid to stays with the move.
create function record_move_change(p_move_id bigint, p_deed text, p_staff jsonb) returns void language sql as $$
  select record_change(p_staff, p_deed, 'money move', m.key, null, jsonb_build_object(
    'number', m.id, 'kind', m.kind, 'day', m.day, 'voids', coalesce('move_' || m.voids, m.voids_payment),
    'lines', (
      select jsonb_agg(jsonb_build_object('account', l.code, 'fund', f.slug, 'currency', l.currency, 'amountMinor', l.amount_minor)
        order by l.line_number)
      from money_move_line l join fund f on f.id = l.fund_id where l.move_id = m.id
    ),
    'organisations', (select jsonb_agg(o.slug order by o.id) from organisation o where o.id in (m.organisation_id, m.partner_id))
  ))
  from money_move m where m.id = p_move_id
$$;

-- Writes a move down and posts it. What it takes out of a restricted fund must be there.
create function write_move(
  p_move jsonb, p_kind text, p_organisation organisation, p_lines move_line[], p_staff jsonb,
  p_partner_id bigint default null, p_counterpart_of bigint default null
) returns bigint language plpgsql as $$
declare
  v_id bigint;
  v_day date := day_by_hand(p_organisation, (p_move ->> 'day')::date);
  v_out record;
begin
  insert into money_move (
    request, organisation_id, kind, day, note, payee_kind, payee, purpose, tag, rate_bp, evidence, partner_id, counterpart_of,
    line_count, made_by
  )
  values (
    p_move ->> 'request', p_organisation.id, p_kind, v_day, words_of(p_move, 'note'), p_move ->> 'payee_kind',
    nullif(words_of(p_move, 'payee'), ''), nullif(words_of(p_move, 'purpose'), ''), p_move ->> 'tag', (p_move ->> 'rate_bp')::bigint,
    p_move #>> '{evidence,id}', p_partner_id, p_counterpart_of, cardinality(p_lines), p_staff ->> 'id'
  )
  returning id into v_id;
  insert into money_move_line (move_id, line_number, code, fund_id, currency, amount_minor)
  select v_id, l.n, l.code, l.fund_id, l.currency, l.amount_minor
  from unnest(p_lines) with ordinality as l (code, fund_id, currency, amount_minor, n);
  perform post_sources(array[row('command', null, 'move_' || v_id)::book_source]);
  for v_out in
    select l.fund_id, l.currency from unnest(p_lines) l where is_spendable(l.code)
    group by 1, 2 having sum(l.amount_minor) < 0 order by 1, 2
  loop
    perform refuse_overdrawn(p_organisation.id, v_out.fund_id, v_out.currency, v_day);
  end loop;
  if p_counterpart_of is null then
    perform record_move_change(v_id, 'recorded', p_staff);
    perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  end if;
  return v_id;
end $$;

create function move_currency(p_move jsonb, p_organisation organisation) returns text language sql immutable parallel safe as $$
  select coalesce(p_move ->> 'currency', p_organisation.currency)
$$;

-- From one fund to another of an organisation: { request, organisation, from, to, amount_minor, currency?, day, note? }. Out of a
-- restricted fund only with a reason.
create function record_transfer(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean) language plpgsql as $$
declare
  v_organisation organisation;
  v_from fund;
  v_to fund;
  v_amount bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_from := named_fund(p_move ->> 'from', v_organisation);
  v_to := named_fund(p_move ->> 'to', v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  if v_from.id = v_to.id then
    raise exception 'a transfer goes to another fund' using errcode = 'check_violation';
  end if;
  if v_from.restriction <> '' and words_of(p_move, 'note') = '' then
    raise exception 'fund % is restricted: a transfer out of it needs a reason', v_from.slug using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'transfer', v_organisation, array[
    ('3900', v_from.id, v_currency, v_amount)::move_line, ('1000', v_from.id, v_currency, -v_amount)::move_line,
    ('1000', v_to.id, v_currency, v_amount)::move_line, ('3900', v_to.id, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- The share that goes to the general fund as donors were told: { request, organisation, fund, amount_minor, currency?, day, note
-- (how it was disclosed), rate_bp? }.
create function record_administration_share(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean)
language plpgsql as $$
declare
  v_organisation organisation;
  v_fund fund;
  v_general bigint;
  v_amount bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  v_general := general_fund(v_organisation.id);
  if v_fund.id = v_general then
    raise exception 'a share goes to the general fund: choose the fund that it comes out of' using errcode = 'check_violation';
  end if;
  if words_of(p_move, 'note') = '' then
    raise exception 'a share for administration is taken only as donors were told: write down in which words' using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'administration share', v_organisation, array[
    ('3900', v_fund.id, v_currency, v_amount)::move_line, ('1000', v_fund.id, v_currency, -v_amount)::move_line,
    ('1000', v_general, v_currency, v_amount)::move_line, ('3900', v_general, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- Keeps the paper that comes with a payment; null without one.
create function keep_evidence(p_evidence jsonb, p_bytes bytea) returns void language plpgsql as $$
begin
  if p_evidence ->> 'id' is null then
    return;
  end if;
  insert into evidence (id, type, bytes, name)
  values (p_evidence ->> 'id', p_evidence ->> 'type', p_bytes, p_evidence ->> 'name')
  on conflict (id) do nothing;
end $$;

-- Paid to whom the fund is for: { request, organisation, fund, amount_minor, currency?, day, payee_kind, payee, purpose, note?,
-- evidence?: { id, type, name } } and the paper's bytes.
create function record_disbursement(p_move jsonb, p_bytes bytea, p_staff jsonb) returns table (move_id bigint, recorded boolean)
language plpgsql as $$
declare
  v_organisation organisation;
  v_fund fund;
  v_code text;
  v_amount bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  v_code := case p_move ->> 'payee_kind' when 'person or family' then '6000' when 'qualified donee' then '6010' when 'other' then '6020' end;
  if v_code is null then
    raise exception 'say who it was paid to: a person or family, a qualified donee, or another' using errcode = 'check_violation';
  end if;
  if words_of(p_move, 'payee') = '' or words_of(p_move, 'purpose') = '' then
    raise exception 'a payment to a beneficiary names who was paid, and what for' using errcode = 'check_violation';
  end if;
  perform keep_evidence(p_move -> 'evidence', p_bytes);
  move_id := write_move(p_move, 'disbursement', v_organisation, array[
    (v_code, v_fund.id, v_currency, v_amount)::move_line, ('1000', v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- What was spent or is owed: { request, organisation, fund, amount_minor, currency?, day, tag, code?, payee, purpose, owed?, note?,
-- evidence? } and the paper's bytes. Without a code, the one of its function.
create function record_expense(p_move jsonb, p_bytes bytea, p_staff jsonb) returns table (move_id bigint, recorded boolean)
language plpgsql as $$
declare
  v_organisation organisation;
  v_fund fund;
  v_code text;
  v_paid_from text := case when (p_move ->> 'owed')::boolean then '2000' else '1000' end;
  v_amount bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  v_code := coalesce(p_move ->> 'code', case p_move ->> 'tag' when 'charitable' then '6000' when 'management' then '6900' when 'fundraising' then '6910' end);
  if p_move ->> 'tag' is null or v_code is null then
    raise exception 'say what the expense was for: charitable work, management or fundraising' using errcode = 'check_violation';
  end if;
  if v_code not in ('5100', '5300', '6000', '6900', '6910') then
    raise exception 'account % takes no expense by hand', v_code using errcode = 'check_violation';
  end if;
  if words_of(p_move, 'payee') = '' or words_of(p_move, 'purpose') = '' then
    raise exception 'an expense names who was paid, and what for' using errcode = 'check_violation';
  end if;
  perform keep_evidence(p_move -> 'evidence', p_bytes);
  move_id := write_move(p_move, 'expense', v_organisation, array[
    (v_code, v_fund.id, v_currency, v_amount)::move_line, (v_paid_from, v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- Pays what an expense left owing: { request, organisation, fund, amount_minor, currency?, day, payee?, note? }.
create function record_payable_paid(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean) language plpgsql as $$
declare
  v_organisation organisation;
  v_fund fund;
  v_amount bigint;
  v_currency text;
  v_owed bigint;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  select -coalesce(sum(t.amount_minor), 0) into v_owed
  from book_total t
  where t.grain = 'month' and t.organisation_id = v_organisation.id and t.fund_id = v_fund.id and t.currency = v_currency and t.code = '2000';
  if v_amount > v_owed then
    raise exception 'fund % owes only %', v_fund.slug, amount_in_words(v_owed, v_currency) using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'payable paid', v_organisation, array[
    ('2000', v_fund.id, v_currency, v_amount)::move_line, ('1000', v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- Cash and cheques brought to the bank: { request, organisation, currency?, day, note?, funds: [{ fund, amount_minor }] }.
create function record_deposit(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean) language plpgsql as $$
declare
  v_organisation organisation;
  v_fund fund;
  v_amount bigint;
  v_currency text;
  v_held bigint;
  v_part jsonb;
  v_lines move_line[] := '{}';
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_currency := move_currency(p_move, v_organisation);
  for v_part in select * from jsonb_array_elements(p_move -> 'funds') loop
    v_fund := named_fund(v_part ->> 'fund', v_organisation);
    v_amount := above_zero(v_part ->> 'amount_minor');
    v_held := least_held(v_organisation.id, v_fund.id, v_currency, '1050', (p_move ->> 'day')::date);
    if exists (select from unnest(v_lines) l where l.fund_id = v_fund.id) then
      raise exception 'fund % is named twice', v_fund.slug using errcode = 'check_violation';
    end if;
    if v_amount > v_held then
      raise exception 'of fund % only % has not been deposited yet', v_fund.slug, amount_in_words(v_held, v_currency)
        using errcode = 'check_violation';
    end if;
    v_lines := v_lines || ('1000', v_fund.id, v_currency, v_amount)::move_line || ('1050', v_fund.id, v_currency, -v_amount)::move_line;
  end loop;
  if cardinality(v_lines) = 0 then
    raise exception 'a deposit names what of which fund was brought to the bank' using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'deposit', v_organisation, v_lines, p_staff);
  return next;
end $$;

-- What was counted more (above zero) or less than the books say: { request, organisation, fund?, amount_minor, currency?, day,
-- note }; without a fund, the general one's.
create function record_cash_difference(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean) language plpgsql as $$
declare
  v_organisation organisation;
  v_fund_id bigint;
  v_amount bigint := (p_move ->> 'amount_minor')::bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_currency := move_currency(p_move, v_organisation);
  v_fund_id := case when p_move ->> 'fund' is null then general_fund(v_organisation.id) else (named_fund(p_move ->> 'fund', v_organisation)).id end;
  if coalesce(v_amount, 0) = 0 then
    raise exception 'nothing was counted more or less' using errcode = 'check_violation';
  end if;
  if words_of(p_move, 'note') = '' then
    raise exception 'say how the difference was found' using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'cash difference', v_organisation, array[
    ('1050', v_fund_id, v_currency, v_amount)::move_line, ('5320', v_fund_id, v_currency, -v_amount)::move_line
  ], p_staff);
  return next;
end $$;

-- A joint fund is one of both organisations; anything else is refused.
create function joint_partner(p_slug text, p_fund fund, p_organisation organisation) returns organisation language plpgsql stable as $$
declare
  v_partner organisation := named_organisation(p_slug);
begin
  if v_partner.id = p_organisation.id then
    raise exception 'choose another organisation' using errcode = 'check_violation';
  end if;
  if not is_fund_of(p_fund.id, v_partner.id) then
    raise exception 'fund % is not a joint fund of % and %', p_fund.slug, p_organisation.slug, v_partner.slug using errcode = 'check_violation';
  end if;
  return v_partner;
end $$;

-- Money that one organisation took in as the agent of the other: it is held for it, and no income. { request, organisation,
-- partner, fund, amount_minor, currency?, day, note }.
create function record_collected_for_partner(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean)
language plpgsql as $$
declare
  v_organisation organisation;
  v_partner organisation;
  v_fund fund;
  v_amount bigint;
  v_currency text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_partner := joint_partner(p_move ->> 'partner', v_fund, v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  if words_of(p_move, 'note') = '' then
    raise exception 'say under which agreement this was collected' using errcode = 'check_violation';
  end if;
  move_id := write_move(p_move, 'collected for partner', v_organisation, array[
    ('1000', v_fund.id, v_currency, v_amount)::move_line, ('2300', v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff, v_partner.id);
  return next;
end $$;

-- What an organisation holds of a joint fund for the other one and has not paid over.
create view owed_between as
select
  l.fund_id, m.organisation_id as owing_organisation_id, m.partner_id as owed_organisation_id, l.currency::text as currency,
  -sum(l.amount_minor)::bigint as amount_minor
from money_move m
join money_move_line l on l.move_id = m.id and l.code = '2300'
where m.kind in ('collected for partner', 'paid over') and m.counterpart_of is null
  and not exists (select from money_move v where v.voids = m.id)
group by 1, 2, 3, 4
having sum(l.amount_minor) <> 0;

-- Paid to the other organisation of a joint fund, entered on both sides: { request, organisation, partner, fund, amount_minor,
-- currency?, day, purpose, pays_over? }. Paying over gives what is held for it; else it is a gift to the partner, to a
-- registered charity or not, and from one or not.
create function record_partner_payment(p_move jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean)
language plpgsql as $$
declare
  v_organisation organisation;
  v_partner organisation;
  v_fund fund;
  v_amount bigint;
  v_currency text;
  v_pays_over boolean := coalesce((p_move ->> 'pays_over')::boolean, false);
  v_kind text := case when v_pays_over then 'paid over' else 'partner payment' end;
  v_held bigint;
  v_given text;
  v_taken text;
begin
  move_id := known_move(p_move ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_move ->> 'organisation');
  v_fund := named_fund(p_move ->> 'fund', v_organisation);
  v_partner := joint_partner(p_move ->> 'partner', v_fund, v_organisation);
  v_amount := above_zero(p_move ->> 'amount_minor');
  v_currency := move_currency(p_move, v_organisation);
  perform day_by_hand(v_partner, (p_move ->> 'day')::date);
  if words_of(p_move, 'purpose') = '' then
    raise exception 'a payment to a partner names what for' using errcode = 'check_violation';
  end if;
  select coalesce(sum(o.amount_minor), 0) into v_held
  from owed_between o
  where o.fund_id = v_fund.id and o.currency = v_currency
    and o.owing_organisation_id = v_organisation.id and o.owed_organisation_id = v_partner.id;
  if v_pays_over and v_amount > v_held then
    raise exception 'only % of fund % is held for %', amount_in_words(v_held, v_currency), v_fund.slug, v_partner.slug
      using errcode = 'check_violation';
  end if;
  v_given := case when v_pays_over then '2300' when v_partner.registration_number is null then '6020' else '6010' end;
  v_taken := case when v_pays_over or v_organisation.registration_number is null then '4400' else '4020' end;
  move_id := write_move(p_move, v_kind, v_organisation, array[
    (v_given, v_fund.id, v_currency, v_amount)::move_line, ('1000', v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff, v_partner.id);
  perform write_move(p_move, v_kind, v_partner, array[
    ('1000', v_fund.id, v_currency, v_amount)::move_line, (v_taken, v_fund.id, v_currency, -v_amount)::move_line
  ], p_staff, v_organisation.id, move_id);
  return next;
end $$;

-- What was recorded by hand: moves that nothing voids. Gifts and sales by hand are added in 0031.
create function move_stands(p_move money_move) returns boolean language sql stable as $$
  select not exists (select from money_move v where v.voids = coalesce(p_move.counterpart_of, p_move.id))
$$;

create view money_move_posting as
select
  m.organisation_id, 'command'::text as source, null::bigint as account_id, m.key::text as source_id, m.day,
  l.code collate "default" as code, l.fund_id, null::bigint as campaign_id, l.currency::text as currency, l.amount_minor
from money_move m
join organisation o on o.id = m.organisation_id
join money_move_line l on l.move_id = m.id
where (o.books_begin_on is null or m.day >= o.books_begin_on) and move_stands(m);

-- Opening balances: what each fund had when the books of an organisation begin. The latest statement counts.
create table opening (
  id bigint generated always as identity primary key,
  request text not null constraint an_opening_is_recorded_once unique,
  organisation_id bigint not null references organisation,
  day date not null,
  made_by text not null,
  made_at timestamptz not null default now()
);
create index opening_by_organisation on opening (organisation_id, id desc);

create table opening_line (
  opening_id bigint not null references opening,
  line_number bigint not null,
  code text collate "C" not null references book_account
    constraint an_opening_balance_is_of_bank_cash_or_stripe check (code in ('1000', '1010', '1050', '1100')),
  account_id bigint references account,
  fund_id bigint not null references fund,
  currency currency_code not null,
  amount_minor bigint not null constraint an_opening_balance_is_something check (amount_minor <> 0),
  primary key (opening_id, line_number),
  constraint a_balance_at_stripe_names_its_account check ((code = '1100') = (account_id is not null))
);
create index opening_line_by_fund on opening_line (fund_id);
create index opening_line_by_account on opening_line (account_id) where account_id is not null;

create function an_opening_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'opening balances are never changed; they are stated anew' using errcode = 'check_violation';
end $$;

create trigger an_opening_is_never_changed before update or delete on opening
  for each row execute function an_opening_is_never_changed();
create trigger an_opening_is_never_changed before update or delete on opening_line
  for each row execute function an_opening_is_never_changed();

-- Each day on which books were said to begin is a source of its own, so that another day takes the first one back whole.
create function opening_key(p_organisation_id bigint, p_day date) returns text language sql immutable parallel safe as $$
  select 'opening_' || p_organisation_id || '_' || (p_day - date '2000-01-01')
$$;

create view opening_posting as
select
  o.id as organisation_id, 'opening'::text as source, b.account_id, opening_key(o.id, latest.day) collate "C" as source_id,
  latest.day,
  line.code, b.fund_id, null::bigint as campaign_id, b.currency::text as currency, line.amount_minor
from organisation o
cross join lateral (select * from opening b where b.organisation_id = o.id order by b.id desc limit 1) latest
join opening_line b on b.opening_id = latest.id
cross join lateral (values (b.code collate "default", b.amount_minor), ('3000', -b.amount_minor)) line (code, amount_minor)
where o.books_begin_on = latest.day;

-- What stands at Stripe of an account before a day begins there: its latest balance less what moved from that day on.
create function stripe_opening(p_organisation_id bigint, p_day date)
returns table (account_id bigint, currency text, amount_minor bigint, as_of timestamptz) language sql stable as $$
  select
    b.account_id, b.currency::text,
    (sum(b.available_minor + b.pending_minor) - coalesce((
      select sum(bt.amount_minor - bt.fee_minor) from stripe_balance_transaction bt
      where bt.account_id = b.account_id and bt.currency = b.currency and organisation_day(o.id, bt.created) >= p_day
    ), 0))::bigint,
    min(b.fetched_at)
  from organisation o
  join account a on a.organisation_id = o.id
  join stripe_balance b on b.account_id = a.id
  where o.id = p_organisation_id
  group by b.account_id, b.currency, o.id
$$;

-- Says when the books of an organisation begin and what each fund had then: { request, organisation, day, lines: [{ code, fund,
-- amount_minor, currency?, account? }] }. It can be stated anew until a month is closed: what stands in the journal of days
-- before is taken back by entries of its own, what was not posted yet is posted.
create function begin_books(p_opening jsonb, p_staff jsonb) returns table (opening_id bigint, recorded boolean) language plpgsql as $$
declare
  v_organisation organisation;
  v_day date := (p_opening ->> 'day')::date;
  v_before jsonb;
  v_changed daterange;
begin
  perform take_ledger_lock();
  select id, false into opening_id, recorded from opening where request = p_opening ->> 'request';
  if found then
    return next;
    return;
  end if;
  v_organisation := named_organisation(p_opening ->> 'organisation');
  if v_day is null or v_day > organisation_day(v_organisation.id, now()) then
    raise exception 'the day % is still to come', coalesce(v_day::text, 'that was not named') using errcode = 'check_violation';
  end if;
  if exists (select from books_open b where b.organisation_id = v_organisation.id) then
    raise exception 'a month of % is closed: its opening balances stay as they are', v_organisation.slug using errcode = 'check_violation';
  end if;
  if exists (
    select from jsonb_array_elements(p_opening -> 'lines') l
    where (l ->> 'code' = '1100') <> exists (
      select from account a where a.slug = l ->> 'account' and a.organisation_id = v_organisation.id
    )
  ) then
    raise exception 'a balance at Stripe, and no other, names the account of % where it stands', v_organisation.slug
      using errcode = 'check_violation';
  end if;
  v_before := jsonb_build_object('booksBeginOn', v_organisation.books_begin_on);
  insert into opening (request, organisation_id, day, made_by)
  values (p_opening ->> 'request', v_organisation.id, v_day, p_staff ->> 'id')
  returning id into opening_id;
  insert into opening_line (opening_id, line_number, code, account_id, fund_id, currency, amount_minor)
  select
    begin_books.opening_id, l.n, l.line ->> 'code', a.id, (named_fund(l.line ->> 'fund', v_organisation)).id,
    coalesce(l.line ->> 'currency', v_organisation.currency), (l.line ->> 'amount_minor')::bigint
  from jsonb_array_elements(p_opening -> 'lines') with ordinality l (line, n)
  left join account a on a.slug = l.line ->> 'account' and a.organisation_id = v_organisation.id
  where (l.line ->> 'amount_minor')::bigint <> 0;
  update organisation set books_begin_on = v_day where id = v_organisation.id;

  if v_organisation.books_begin_on is distinct from v_day then
    v_changed := daterange(
      case when v_organisation.books_begin_on is not null then least(v_organisation.books_begin_on, v_day) end,
      greatest(v_organisation.books_begin_on, v_day)
    );
    perform mark_days_dirty(v_organisation, v_changed);
  end if;
  perform post_sources(array(
    select distinct row('opening', l.account_id, opening_key(o.organisation_id, o.day))::book_source
    from opening o join opening_line l on l.opening_id = o.id
    where o.organisation_id = v_organisation.id
  ));
  perform record_change(p_staff, 'changed', 'books', v_organisation.slug, v_before || jsonb_build_object(
    'organisations', jsonb_build_array(v_organisation.slug)
  ), jsonb_build_object(
    'booksBeginOn', v_day, 'opening', begin_books.opening_id, 'organisations', jsonb_build_array(v_organisation.slug)
  ));
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  recorded := true;
  return next;
end $$;

-- Has the next drains post anew what an organisation's days brought, because its books now begin on another day.
create function mark_days_dirty(p_organisation organisation, p_days daterange) returns void language sql as $$
  insert into dirty_source (source, account_id, source_id)
  select 'balance transaction', bt.account_id, bt.id
  from account a join stripe_balance_transaction bt on bt.account_id = a.id
  where a.organisation_id = p_organisation.id and organisation_day(p_organisation.id, bt.created) <@ p_days
  union all
  select 'dispute outcome', d.account_id, d.id
  from account a join stripe_dispute d on d.account_id = a.id
  where a.organisation_id = p_organisation.id
  union all
  select 'command', null, p.key from payment p
  where p.account_id is null and p.organisation_id = p_organisation.id and p.occurred_on <@ p_days
  union all
  select 'command', null, m.key from money_move m where m.organisation_id = p_organisation.id and m.day <@ p_days
  on conflict do nothing
$$;

create or replace view posting_view as
select * from balance_transaction_posting
union all
select * from dispute_outcome_posting
union all
select * from command_posting
union all
select * from money_move_posting
union all
select * from opening_posting;

-- As in 0028, with moves and openings.
create or replace function postings_of_sources(p_sources book_source[]) returns setof posting_view language plpgsql stable as $$
begin
  return query
  select v.* from unnest(p_sources) s
  cross join lateral (
    select * from balance_transaction_posting v where v.source_id = s.source_id and v.account_id = s.account_id offset 0
  ) v
  where s.source = 'balance transaction';
  return query
  select v.* from unnest(p_sources) s
  cross join lateral (
    select * from dispute_outcome_posting v where v.source_id = s.source_id and v.account_id = s.account_id offset 0
  ) v
  where s.source = 'dispute outcome';
  return query
  select v.* from unnest(p_sources) s
  cross join lateral (select * from command_posting v where v.source_id = s.source_id offset 0) v
  where s.source = 'command' and s.source_id not like 'move\_%';
  return query
  select v.* from unnest(p_sources) s
  cross join lateral (select * from money_move_posting v where v.source_id = s.source_id offset 0) v
  where s.source = 'command' and s.source_id like 'move\_%';
  return query
  select v.* from unnest(p_sources) s
  cross join lateral (
    select * from opening_posting v where v.source_id = s.source_id and v.account_id is not distinct from s.account_id offset 0
  ) v
  where s.source = 'opening';
end $$;
