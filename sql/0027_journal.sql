-- The books: a journal of entries in double entry, with a fund on every line. Each entry balances by fund and currency, names
-- the one source it comes from, and stays as it was written: what changes later is an entry of its own.

-- The chart of accounts, small on purpose. Debits are above zero, credits below.
create table book_account (
  code text collate "C" primary key,
  name text not null,
  kind text not null constraint an_account_of_the_books_has_a_known_kind
    check (kind in ('asset', 'liability', 'net assets', 'income', 'expense'))
);

insert into book_account (code, name, kind) values
  ('1000', 'Bank', 'asset'),
  ('1010', 'Cash box', 'asset'),
  ('1050', 'Undeposited cheques and cash', 'asset'),
  ('1100', 'Stripe clearing', 'asset'),
  ('1105', 'Payouts in transit', 'asset'),
  ('1110', 'Disputed gifts', 'asset'),
  ('1115', 'Disputed sales', 'asset'),
  ('1120', 'Held back by Stripe', 'asset'),
  ('1200', 'Platforms owe us', 'asset'),
  ('1300', 'Merchandise on hand', 'asset'),
  ('2000', 'Payables', 'liability'),
  ('2200', 'Sales tax', 'liability'),
  ('2300', 'Held for others', 'liability'),
  ('2310', 'Payments not completed', 'liability'),
  ('2350', 'Pledged to pass on', 'liability'),
  ('2900', 'Suspense', 'liability'),
  ('3000', 'Opening balances', 'net assets'),
  ('3900', 'Transfers between funds', 'net assets'),
  ('3910', 'Proceeds of sales given to funds', 'net assets'),
  ('3920', 'Proceeds of sales', 'net assets'),
  ('4000', 'Gifts', 'income'),
  ('4020', 'From registered charities', 'income'),
  ('4090', 'Gifts returned', 'income'),
  ('4100', 'Merchandise', 'income'),
  ('4190', 'Merchandise returned', 'income'),
  ('4400', 'Other income', 'income'),
  ('5000', 'Processing fees', 'expense'),
  ('5010', 'Dispute fees', 'expense'),
  ('5020', 'Processing fees of sales', 'expense'),
  ('5100', 'Cost of goods', 'expense'),
  ('5300', 'Bank charges', 'expense'),
  ('5320', 'Cash over and short', 'expense'),
  ('6000', 'Relief paid', 'expense'),
  ('6010', 'Gifts to qualified donees', 'expense'),
  ('6020', 'Grants to others', 'expense'),
  ('6900', 'Administration', 'expense'),
  ('6910', 'Fundraising', 'expense'),
  ('7000', 'Exchange difference', 'expense');

-- Before this day an organisation's books were kept elsewhere; null: everything known is in them.
alter table organisation add column books_begin_on date;

-- An entry. Its source's number is 1 for the first posting, 2 and up for what was corrected later.
create table journal_entry (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisation,
  number bigint not null constraint entries_count_from_one check (number >= 1),
  source text collate "C" not null constraint an_entry_comes_from_a_known_source
    check (source in ('balance transaction', 'dispute outcome', 'command', 'bank line', 'opening')),
  account_id bigint references account,
  source_id text collate "C" not null,
  source_number bigint not null constraint postings_of_a_source_count_from_one check (source_number >= 1),
  corrects bigint references journal_entry,
  entered_on date not null,
  posted_at timestamptz not null,
  line_count bigint not null constraint an_entry_has_at_least_two_lines check (line_count >= 2),
  previous_hash bytea,
  hash bytea not null,
  constraint an_entry_number_is_taken unique (organisation_id, number),
  constraint a_source_is_posted_once_for_each_number unique nulls not distinct (source_id, source, account_id, source_number)
);
create index journal_entry_by_day on journal_entry (organisation_id, entered_on, number);
create index journal_entry_corrects on journal_entry (corrects) where corrects is not null;

-- A line; without a fund it waits for one. A sale's lines name its campaign.
create table journal_line (
  entry_id bigint not null references journal_entry,
  line_number bigint not null,
  code text collate "C" not null references book_account,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  currency text collate "C" not null,
  amount_minor bigint not null constraint a_line_moves_money check (amount_minor <> 0),
  primary key (entry_id, line_number)
);
create index journal_line_of_fund on journal_line (fund_id, code, entry_id);
create index journal_line_of_account on journal_line (code, entry_id);

-- The journal folded: sums by day and by month. Maintained with every line.
create table book_total (
  organisation_id bigint not null references organisation,
  account_id bigint references account,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  code text collate "C" not null references book_account,
  currency text collate "C" not null,
  grain text collate "C" not null constraint the_books_are_summed_by_day_and_month check (grain in ('day', 'month')),
  starts_on date not null,
  amount_minor bigint not null,
  constraint the_books_are_summed_once unique nulls not distinct
    (grain, code, fund_id, starts_on, organisation_id, currency, campaign_id, account_id)
);

-- What an entry says, as one text: ids, days and amounts, nothing of a person.
create function journal_text(e journal_entry, p_lines jsonb) returns text language sql immutable as $$
  select jsonb_build_array(
    e.organisation_id, e.number, e.source, e.account_id, e.source_id, e.source_number, e.corrects, e.entered_on,
    extract(epoch from e.posted_at), e.line_count, p_lines
  )::text
$$;

-- A hash over the one before it and a text.
create function journal_link(p_hash bytea, p_first bytea, p_text text) returns bytea language sql immutable as $$
  select sha256(coalesce(p_hash, p_first, '') || convert_to(p_text, 'UTF8'))
$$;

create function journal_digest(e journal_entry, p_lines jsonb) returns bytea language sql immutable as $$
  select journal_link(null, e.previous_hash, journal_text(e, p_lines))
$$;

-- The hashes of entries in a row, each over the one before it; the first over the hash given.
create aggregate journal_chain(bytea, text) (sfunc = journal_link, stype = bytea);

create function journal_lines(p_entry_id bigint) returns jsonb language sql stable as $$
  select jsonb_agg(jsonb_build_array(l.code, l.fund_id, l.campaign_id, l.currency, l.amount_minor) order by l.line_number)
  from journal_line l where l.entry_id = p_entry_id
$$;

create function the_journal_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is never changed; what is wrong is corrected by an entry of its own' using errcode = 'check_violation';
end $$;

create trigger the_journal_is_never_changed before update or delete on journal_entry
  for each row execute function the_journal_is_never_changed();
create trigger the_journal_is_never_emptied before truncate on journal_entry
  for each statement execute function the_journal_is_never_changed();
create trigger the_journal_is_never_changed before update or delete on journal_line
  for each row execute function the_journal_is_never_changed();
create trigger the_journal_is_never_emptied before truncate on journal_line
  for each statement execute function the_journal_is_never_changed();
create trigger hold_ledger_lock before insert on journal_entry for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert on journal_line for each statement execute function hold_ledger_lock();

-- An entry follows the one before it, and its month is open.
create function an_entry_follows_the_last() returns trigger language plpgsql as $$
declare
  v_last journal_entry;
begin
  if is_closed(new.organisation_id, new.entered_on) then
    raise exception 'nothing is posted into a closed month (%)', to_char(new.entered_on, 'YYYY-MM') using errcode = 'check_violation';
  end if;
  select * into v_last from journal_entry e where e.organisation_id = new.organisation_id order by e.number desc limit 1;
  if new.number <> coalesce(v_last.number, 0) + 1 or new.previous_hash is distinct from v_last.hash then
    raise exception 'entry % does not follow entry % of its organisation', new.number, coalesce(v_last.number, 0)
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger an_entry_follows_the_last before insert on journal_entry
  for each row execute function an_entry_follows_the_last();

create function an_entry_has_its_lines() returns trigger language plpgsql as $$
begin
  if not exists (select from journal_line l where l.entry_id = new.id) then
    raise exception 'entry % has no lines', new.number using errcode = 'check_violation';
  end if;
  return null;
end $$;

create constraint trigger an_entry_has_its_lines after insert on journal_entry deferrable initially deferred
  for each row execute function an_entry_has_its_lines();

-- All lines of an entry are written at once: they are as many as it says, they balance, and its hash is theirs. So none can
-- be added later.
create function lines_written() returns trigger language plpgsql as $$
declare
  v_wrong record;
begin
  select e.number, l.lines, e.line_count into v_wrong
  from (select entry_id, count(*) as lines from new_lines group by entry_id) l
  join journal_entry e on e.id = l.entry_id
  where l.lines <> e.line_count
  limit 1;
  if found then
    raise exception 'entry % is of % lines, written at once; none is added later', v_wrong.number, v_wrong.line_count
      using errcode = 'check_violation';
  end if;

  select e.number, l.currency, l.amount_minor into v_wrong
  from (
    select entry_id, fund_id, currency, sum(amount_minor) as amount_minor
    from new_lines group by entry_id, fund_id, currency having sum(amount_minor) <> 0
  ) l
  join journal_entry e on e.id = l.entry_id
  limit 1;
  if found then
    raise exception 'entry % does not balance: % % too much on one side of a fund', v_wrong.number, v_wrong.amount_minor, v_wrong.currency
      using errcode = 'check_violation';
  end if;

  select e.number into v_wrong
  from (select distinct entry_id from new_lines) l
  join journal_entry e on e.id = l.entry_id
  where e.hash <> journal_digest(e, journal_lines(e.id))
  limit 1;
  if found then
    raise exception 'the hash of entry % is not that of its lines', v_wrong.number using errcode = 'check_violation';
  end if;

  insert into book_total as t (organisation_id, account_id, fund_id, campaign_id, code, currency, grain, starts_on, amount_minor)
  select
    e.organisation_id, e.account_id, l.fund_id, l.campaign_id, l.code, l.currency, grain.name,
    case grain.name when 'day' then e.entered_on else month_of(e.entered_on) end, sum(l.amount_minor)
  from new_lines l
  join journal_entry e on e.id = l.entry_id
  cross join (values ('day'), ('month')) grain (name)
  group by 1, 2, 3, 4, 5, 6, 7, 8
  on conflict (grain, code, fund_id, starts_on, organisation_id, currency, campaign_id, account_id)
    do update set amount_minor = t.amount_minor + excluded.amount_minor;
  return null;
end $$;

create trigger lines_written after insert on journal_line referencing new table as new_lines
  for each statement execute function lines_written();
