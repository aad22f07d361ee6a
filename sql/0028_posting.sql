-- What every source should stand at in the books, as views; posting appends the difference to what is posted.
--
--   facts, gifts, sales, returns ─▶ balance_transaction_posting ┐
--                                   dispute_outcome_posting     ├─▶ posting_view ─▶ post_differences ─▶ journal
--                                   command_posting             ┘

-- What a balance transaction is in the books, by its type and reporting category (null: any other category of the type).
-- A type that is not here goes to suspense until somebody says what it is.
-- Sources: https://docs.stripe.com/reports/balance-transaction-types and https://docs.stripe.com/reports/reporting-categories
create table balance_transaction_rule (
  type text collate "C" not null,
  reporting_category text collate "C",
  becomes text not null constraint a_balance_transaction_becomes_something_known check (becomes in (
    'payment', 'payment undone', 'return', 'dispute', 'payout', 'fee', 'reserve', 'top-up'
  )),
  constraint a_balance_transaction_becomes_one_thing unique nulls not distinct (type, reporting_category)
);

insert into balance_transaction_rule (type, reporting_category, becomes) values
  ('charge', null, 'payment'),
  ('payment', null, 'payment'),
  ('refund', null, 'return'),
  ('refund', 'partial_capture_reversal', 'payment undone'),
  ('payment_refund', null, 'return'),
  ('payment_failure_refund', null, 'payment undone'),
  ('refund_failure', null, 'return'),
  ('adjustment', 'refund_failure', 'return'),
  ('adjustment', 'charge_failure', 'payment undone'),
  ('adjustment', 'dispute', 'dispute'),
  ('adjustment', 'dispute_reversal', 'dispute'),
  ('adjustment', 'fee', 'fee'),
  ('stripe_fee', null, 'fee'),
  ('stripe_fx_fee', null, 'fee'),
  ('tax_fee', null, 'fee'),
  ('network_cost', null, 'fee'),
  ('payout', null, 'payout'),
  ('payout_failure', null, 'payout'),
  ('payout_cancel', null, 'payout'),
  ('reserve_transaction', null, 'reserve'),
  ('reserved_funds', null, 'reserve'),
  ('reserve_hold', null, 'reserve'),
  ('reserve_release', null, 'reserve'),
  ('payment_network_reserve_hold', null, 'reserve'),
  ('payment_network_reserve_release', null, 'reserve'),
  ('topup', null, 'top-up'),
  ('topup_reversal', null, 'top-up');

create function becomes(bt stripe_balance_transaction) returns text language sql stable as $$
  select r.becomes
  from balance_transaction_rule r
  where r.type = bt.type and (r.reporting_category = bt.reporting_category or r.reporting_category is null)
  order by r.reporting_category is null
  limit 1
$$;

-- Since when a fund bears the fees of its gifts, or its organisation's general fund does. What was given before keeps its day's.
create table fund_fee_bearing (
  fund_id bigint not null references fund,
  since date not null,
  bears_fees boolean not null,
  primary key (fund_id, since)
);

insert into fund_fee_bearing (fund_id, since, bears_fees) select id, '-infinity', bears_fees from fund;

-- The organisation in whose zone a fund's days are: the one whose general fund it is, else that of its first account.
create function organisation_of_fund(p_fund_id bigint) returns bigint language sql stable as $$
  select coalesce(f.general_of, (
    select a.organisation_id
    from fund_account fa join account a on a.id = fa.account_id
    where fa.fund_id = f.id order by fa.position, fa.account_id limit 1
  ))
  from fund f where f.id = p_fund_id
$$;

create function fee_bearing_written() returns trigger language plpgsql as $$
declare
  v_today date := organisation_day(organisation_of_fund(new.id), now());
begin
  insert into fund_fee_bearing (fund_id, since, bears_fees)
  values (new.id, case tg_op when 'INSERT' then '-infinity' else v_today end, new.bears_fees)
  on conflict (fund_id, since) do update set bears_fees = excluded.bears_fees;
  return null;
end $$;

create trigger fee_bearing_of_new_fund after insert on fund for each row execute function fee_bearing_written();
create trigger fee_bearing_changed after update of bears_fees on fund
  for each row when (old.bears_fees <> new.bears_fees) execute function fee_bearing_written();

create function general_fund(p_organisation_id bigint) returns bigint language sql stable as $$
  select f.id from fund f where f.general_of = p_organisation_id
$$;

-- The fund that bears the fee of a gift of a day; what waits for a fund bears its own.
create function fee_bearer(p_fund_id bigint, p_organisation_id bigint, p_day date) returns bigint language sql stable as $$
  select case
    when p_fund_id is null then null
    when (select b.bears_fees from fund_fee_bearing b where b.fund_id = p_fund_id and b.since <= p_day order by b.since desc limit 1)
      then p_fund_id
    else general_fund(p_organisation_id)
  end
$$;

-- What goods cost, from a day on; needed only where a promise is net of goods.
create table variant_cost (
  variant_id bigint not null references variant,
  since date not null,
  cost_minor bigint not null constraint a_cost_is_not_negative check (cost_minor >= 0),
  primary key (variant_id, since)
);

create function cost_of_goods(p_variant_id bigint, p_day date) returns bigint language sql stable as $$
  select c.cost_minor from variant_cost c where c.variant_id = p_variant_id and c.since <= p_day order by c.since desc limit 1
$$;

-- A gift or a line of an order, as the books see it. A sale is its seller's, the general fund of the organisation that was
-- paid; what of it the campaign promised goes on to the campaign's fund.
create type book_part as (
  part text, is_sale boolean, fund_id bigint, campaign_id bigint, amount_minor bigint,
  -- Who pays the fee, and where what a promise gives goes: nowhere without one, or for shipping.
  fee_fund_id bigint, destination_id bigint,
  basis text, rate_bp bigint, unit_minor bigint, quantity bigint, goods_minor bigint
);

create function book_parts(p_payment payment) returns setof book_part language sql stable as $$
  select
    g.part, false, g.fund_id, null::bigint, g.amount_minor,
    fee_bearer(g.fund_id, p_payment.organisation_id, g.occurred_on), null::bigint, null, null::bigint, null::bigint, null::bigint, null::bigint
  from gift g
  where g.payment_id = p_payment.id
  union all
  select
    s.part, true, seller.fund_id, s.campaign_id, s.amount_minor, seller.fund_id,
    case when promise.id is not null and not s.is_shipping then s.fund_id end,
    promise.basis, promise.rate_bp, promise.worded_minor, s.quantity, cost_of_goods(s.variant_id, s.occurred_on) * s.quantity
  from sale s
  cross join lateral (select general_fund(p_payment.organisation_id) as fund_id) seller
  left join lateral (
    select * from promise p
    where p.campaign_id = s.campaign_id and p.in_force_from <= s.occurred_on
    order by p.in_force_from desc, p.version desc
    limit 1
  ) promise on true
  where s.payment_id = p_payment.id
  order by 1
$$;

-- What a promise gives of a sale of which this much was returned and this much was kept as fee.
create function promised_of(p_part book_part, p_returned_minor bigint, p_fee_minor bigint) returns bigint
language sql immutable as $$
  select round(case p_part.basis
    when 'gross' then (p_part.amount_minor - p_returned_minor) * p_part.rate_bp / 10000::numeric
    when 'net of processing' then (p_part.amount_minor - p_returned_minor - p_fee_minor) * p_part.rate_bp / 10000::numeric
    when 'net of processing and goods' then (
      p_part.amount_minor - p_returned_minor - p_fee_minor
        - coalesce(p_part.goods_minor, 0) * (p_part.amount_minor - p_returned_minor) / nullif(p_part.amount_minor, 0)::numeric
    ) * p_part.rate_bp / 10000::numeric
    when 'fixed a unit' then
      coalesce(p_part.unit_minor, 0) * p_part.quantity * (p_part.amount_minor - p_returned_minor) / nullif(p_part.amount_minor, 0)::numeric
  end)::bigint
$$;

-- A line that a source should stand at, without the clearing account's.
create type posting as (code text, fund_id bigint, campaign_id bigint, amount_minor bigint);

-- What somebody said a balance transaction is that we did not know. The latest word counts.
create table suspense_assignment (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  balance_transaction text collate "C" not null,
  code text collate "C" not null references book_account,
  fund_id bigint not null references fund,
  reason text not null constraint an_assignment_says_why check (reason <> ''),
  made_by text not null,
  made_at timestamptz not null default now()
);
create index suspense_assignment_of on suspense_assignment (balance_transaction, account_id, id);
create index suspense_assignment_by_fund on suspense_assignment (fund_id);

-- How a payout is split by fund, decided when it was posted: by the balance of each fund at Stripe, while its members are not
-- known.
create table payout_estimate (
  account_id bigint not null references account,
  payout text collate "C" not null,
  fund_id bigint references fund,
  share_minor bigint not null,
  constraint a_payout_is_estimated_once_for_a_fund unique nulls not distinct (payout, account_id, fund_id)
);
create index payout_estimate_by_fund on payout_estimate (fund_id);

-- Of a payout's money, what is whose fund's; the sum is what the payout's own balance transactions say it moved. Where books begin
-- in the middle, movements from before that day stand in no entry, or in one that was taken back, and are part of the opening
-- balances: a payout that holds some is split as one whose members are not known.
create function payout_shares(p_account_id bigint, p_payout text) returns table (fund_id bigint, amount_minor bigint)
language sql stable as $$
  with member as (
    select l.fund_id, sum(l.amount_minor)::bigint as amount_minor
    from stripe_payout_member m
    join journal_entry e
      on e.source_id = m.id and e.source = 'balance transaction' and e.account_id = m.account_id
    join journal_line l on l.entry_id = e.id and l.code = '1100'
    where m.payout = p_payout and m.account_id = p_account_id
    group by 1
  ), begun as materialized (
    select o.books_begin_on as day, o.id as organisation_id
    from account a join organisation o on o.id = a.organisation_id
    where a.id = p_account_id and o.books_begin_on is not null
  ), complete as (
    select exists (
      select from stripe_fetched f where f.account_id = p_account_id and f.what = 'payout_members' and f.id = p_payout and f.found > 0
    ) and not exists (
      select from stripe_payout_member m
      where m.payout = p_payout and m.account_id = p_account_id
        and (
          not exists (
            select from journal_entry e where e.source_id = m.id and e.source = 'balance transaction' and e.account_id = m.account_id
          )
          or exists (
            select from begun cross join lateral (
              select bt.created from stripe_balance_transaction bt where bt.id = m.id and bt.account_id = m.account_id limit 1
            ) bt
            where organisation_day(begun.organisation_id, bt.created) < begun.day
          )
        )
    ) as is_known
  )
  select member.fund_id, member.amount_minor from member cross join complete where complete.is_known and member.amount_minor <> 0
  union all
  select s.fund_id, s.share_minor
  from payout_estimate s
  cross join complete
  where s.account_id = p_account_id and s.payout = p_payout and not complete.is_known
$$;

-- The lines of a payout's own balance transaction, or of the one that undoes it.
create function payout_lines(bt stripe_balance_transaction) returns table (code text, fund_id bigint, amount_minor bigint)
language sql stable as $$
  with share as (
    select s.fund_id, (case when bt.type = 'payout' then s.amount_minor else -s.amount_minor end) as amount_minor
    from payout_shares(bt.account_id, bt.source) s
  )
  select '1105', share.fund_id, share.amount_minor from share
  union all
  select '2900', null, -bt.amount_minor - coalesce(sum(share.amount_minor), 0)::bigint from share
$$;

-- The charge behind a balance transaction: its source, or what its source refunds or disputes.
-- The charge is read by its key, whatever the planner thinks of a table that was empty.
create function charge_behind(bt stripe_balance_transaction) returns stripe_charge language sql stable as $$
  select c.found
  from (
    select bt.source as id
    union all
    select r.charge from stripe_refund r where r.id = bt.source and r.account_id = bt.account_id
    union all
    select d.charge from stripe_dispute d where d.id = bt.source and d.account_id = bt.account_id
    union all
    select paid.id
    from stripe_refund r
    join stripe_charge paid on coalesce(paid.payment_intent, paid.id) = r.payment_intent and paid.account_id = r.account_id
    where r.id = bt.source and r.account_id = bt.account_id and r.charge is null
  ) named
  cross join lateral (
    select t as found, t.status, t.id from stripe_charge t where t.id = named.id and t.account_id = bt.account_id limit 1
  ) c
  order by charge_rank(c.status) desc, c.id
  limit 1
$$;

-- What a balance transaction should stand at, but for its counter-account, and on what day. What is known of its source
-- decides; while that is not known it waits in suspense. Fees are split over a payment's parts by largest remainder.
create function postings_of(bt stripe_balance_transaction, p_organisation_id bigint)
returns table (day date, code text, fund_id bigint, campaign_id bigint, amount_minor bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
  v_becomes text := becomes(bt);
  v_general bigint := general_fund(p_organisation_id);
  v_charge stripe_charge;
  v_payment payment;
  v_return_id text;
  v_parts book_part[];
  v_backs bigint[];
  v_before bigint[];
  v_fees bigint[];
  v_rest bigint;
  v_rests bigint[];
  v_part book_part;
  v_gives bigint;
begin
  day := organisation_day(p_organisation_id, bt.created);
  campaign_id := null;

  if v_becomes in ('payment', 'return', 'dispute') then
    v_charge := charge_behind(bt);
    select * into v_payment from payment p
    where p.account_id = bt.account_id and p.key = coalesce(v_charge.payment_intent, v_charge.id);
  end if;

  -- Money whose source is not known, or not known yet.
  if v_becomes is null or (v_becomes in ('payment', 'return', 'dispute') and (v_payment.id is null or v_payment.state = 'arriving')) then
    select s.code, s.fund_id into code, fund_id
    from suspense_assignment s
    where s.account_id = bt.account_id and s.balance_transaction = bt.id
    order by s.id desc
    limit 1;
    if not found then
      code := '2900';
      fund_id := null;
    end if;
    amount_minor := -bt.amount_minor;
    return next;
    code := '5000'; fund_id := v_general; amount_minor := bt.fee_minor;
    return next;
    return;
  end if;

  if v_becomes = 'payout' then
    return query select postings_of.day, s.code, s.fund_id, null::bigint, s.amount_minor from payout_lines(bt) s;
    code := '5000'; fund_id := v_general; amount_minor := bt.fee_minor;
    return next;
    return;
  end if;

  if v_becomes in ('fee', 'reserve', 'top-up', 'payment undone')
    or v_payment.kind in ('other income', 'not ours')
    or v_payment.state <> 'succeeded' or v_charge.status <> 'succeeded' or v_payment.currency is distinct from bt.currency then
    code := case
      when v_becomes = 'fee' then '5000'
      when v_becomes = 'reserve' then '1120'
      when v_becomes = 'top-up' then '1105'
      when v_payment.kind = 'other income' then '4400'
      when v_payment.kind = 'not ours' then '2300'
      else '2310'
    end;
    fund_id := v_general; amount_minor := -bt.amount_minor;
    return next;
    code := case v_becomes when 'dispute' then '5010' else '5000' end; amount_minor := bt.fee_minor;
    return next;
    return;
  end if;

  v_parts := array(select p from book_parts(v_payment) p);
  if v_becomes = 'payment' then
    day := coalesce(v_payment.counted_on, day);
    v_backs := array(select -p.amount_minor from unnest(v_parts) p);
    v_before := array_fill(0::bigint, array[cardinality(v_parts)]);
  else
    -- A refund stands under its own id, what undoes it and what a dispute moved under the balance transaction's.
    v_return_id := case
      when exists (select from return_part r where r.payment_id = v_payment.id and r.return_id = bt.id) then bt.id
      else bt.source
    end;
    day := coalesce((select min(r.counted_on) from return_part r where r.payment_id = v_payment.id and r.return_id = v_return_id), day);
    v_backs := array(
      select coalesce(r.amount_minor, 0)
      from unnest(v_parts) with ordinality p
      left join return_part r on r.payment_id = v_payment.id and r.part = p.part and r.return_id = v_return_id
      order by p.ordinality
    );
    v_before := array(
      select coalesce((
        select sum(r.amount_minor) from return_part r
        join return_part own on own.payment_id = r.payment_id and own.part = r.part and own.return_id = v_return_id
        where r.payment_id = v_payment.id and r.part = p.part and (r.occurred_on, r.return_id) < (own.occurred_on, own.return_id)
      ), 0)::bigint
      from unnest(v_parts) with ordinality p
      order by p.ordinality
    );
  end if;
  v_fees := split_by_weight(
    case v_becomes when 'dispute' then 0 else bt.fee_minor end,
    array(select abs(case v_becomes when 'payment' then p.amount_minor else b end) from unnest(v_parts, v_backs) p
      (part, is_sale, fund_id, campaign_id, amount_minor, fee_fund_id, destination_id, basis, rate_bp, unit_minor, quantity, goods_minor, b))
  );
  -- What Stripe moved more or less than came and went here: of a payment what was not captured, of a return the exchange.
  v_rest := -bt.amount_minor - (select coalesce(sum(b), 0) from unnest(v_backs) b);
  v_rests := split_by_weight(v_rest, array(select abs(b) from unnest(v_backs) b));

  for i in 1 .. cardinality(v_parts) loop
    v_part := v_parts[i];
    fund_id := v_part.fund_id; campaign_id := v_part.campaign_id;
    code := case
      when v_becomes = 'payment' then case when v_part.is_sale then '4100' else '4000' end
      when v_becomes = 'dispute' then case when v_part.is_sale then '1115' else '1110' end
      else case when v_part.is_sale then '4190' else '4090' end
    end;
    amount_minor := v_backs[i];
    return next;
    if v_becomes <> 'payment' then
      code := '7000'; amount_minor := v_rests[i];
      return next;
    end if;
    code := case when v_part.is_sale then '5020' else '5000' end; fund_id := v_part.fee_fund_id; amount_minor := v_fees[i];
    return next;
    if v_part.destination_id is not null then
      v_gives := case v_becomes
        when 'payment' then promised_of(v_part, 0, v_fees[i])
        else promised_of(v_part, v_before[i] + v_backs[i], v_fees[i]) - promised_of(v_part, v_before[i], 0)
      end;
      code := '3910'; fund_id := v_part.fund_id; amount_minor := v_gives;
      return next;
      code := '3920'; fund_id := v_part.destination_id; amount_minor := -v_gives;
      return next;
    end if;
  end loop;

  fund_id := v_general; campaign_id := null;
  if v_becomes = 'payment' or cardinality(v_parts) = 0 then
    code := '2310'; amount_minor := v_rest;
    return next;
  end if;
  if v_becomes = 'dispute' then
    code := '5010'; amount_minor := bt.fee_minor;
    return next;
  end if;
end $$;

-- Every balance transaction of an account whose organisation keeps its books by then. What is not on another account moved at
-- Stripe: the clearing account takes the other side, by fund.
create view balance_transaction_posting as
select
  o.id as organisation_id, 'balance transaction'::text as source, bt.account_id, bt.id::text as source_id, line.day,
  line.code, line.fund_id, line.campaign_id, bt.currency, line.amount_minor
from stripe_balance_transaction bt
join account a on a.id = bt.account_id
join organisation o on o.id = a.organisation_id
cross join lateral (
  with own as materialized (select * from postings_of(bt, o.id) p where p.amount_minor <> 0)
  select own.day, own.code, own.fund_id, own.campaign_id, own.amount_minor from own
  union all
  select own.day, '1100', own.fund_id, null, -sum(own.amount_minor)::bigint from own group by own.day, own.fund_id
) line
where o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on;

-- What a lost dispute took is returned for good: it leaves the disputed accounts.
create view dispute_outcome_posting as
select
  o.id as organisation_id, 'dispute outcome'::text as source, d.account_id, d.id::text as source_id, lost.day,
  line.code, lost.fund_id, lost.campaign_id, lost.currency, line.amount_minor
from stripe_dispute d
join account a on a.id = d.account_id
join organisation o on o.id = a.organisation_id
cross join lateral (
  select
    r.is_sale, case when r.is_sale then general_fund(o.id) else r.fund_id end as fund_id,
    case when r.is_sale then r.campaign_id end as campaign_id, r.currency,
    max(r.counted_on) over () as day, r.amount_minor
  from stripe_charge c
  join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id)
  join return_part r on r.payment_id = p.id
  join stripe_balance_transaction bt on bt.account_id = d.account_id and bt.id = r.return_id and bt.source = d.id
  where c.account_id = d.account_id and c.id = d.charge
    and (o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on)
) lost
cross join lateral (values
  (case when lost.is_sale then '4190' else '4090' end, lost.amount_minor),
  (case when lost.is_sale then '1115' else '1110' end, -lost.amount_minor)
) line (code, amount_minor)
where d.status = 'lost';

-- What was recorded by hand.
create view command_posting as
select
  g.organisation_id, 'command'::text as source, null::bigint as account_id, p.key::text as source_id, g.counted_on as day,
  line.code, g.fund_id, null::bigint as campaign_id, g.currency, line.amount_minor
from gift g
join payment p on p.id = g.payment_id
join organisation o on o.id = g.organisation_id
cross join lateral (values ('1050', g.amount_minor), ('4000', -g.amount_minor)) line (code, amount_minor)
where g.source = 'cash' and (o.books_begin_on is null or g.occurred_on >= o.books_begin_on);

create view posting_view as
select * from balance_transaction_posting
union all
select * from dispute_outcome_posting
union all
select * from command_posting;

create type book_source as (source text, account_id bigint, source_id text);

-- What a source should stand at, looked up by its key.
create function postings_of_sources(p_sources book_source[]) returns setof posting_view language plpgsql stable as $$
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
  where s.source = 'command';
end $$;

-- What is to be posted of one source in one organisation.
create type book_difference as (
  organisation_id bigint, source text, account_id bigint, source_id text, source_number bigint, corrects bigint, entered_on date,
  lines jsonb
);

-- What these sources should stand at less what is posted of them. The first entry of a source stands on its day, a correction
-- too while that month is open, else on the first open day after it.
create function book_differences(p_sources book_source[]) returns setof book_difference language sql stable as $$
  with should as materialized (
    select concat_ws('/', v.source, v.account_id, v.source_id) as key, v.* from postings_of_sources(p_sources) v
  ), posted as materialized (
    select concat_ws('/', s.source, s.account_id, s.source_id) as key, e.*
    from (select distinct source, account_id, source_id from unnest(p_sources)) s
    cross join lateral (
      select * from journal_entry e
      where e.source_id = s.source_id and e.source = s.source and e.account_id is not distinct from s.account_id
      offset 0
    ) e
  ), difference as (
    select d.organisation_id, d.key, d.source, d.account_id, d.source_id, d.code, d.fund_id, d.campaign_id, d.currency,
      sum(d.amount_minor)::bigint as amount_minor
    from (
      select organisation_id, key, source, account_id, source_id, code, fund_id, campaign_id, currency, amount_minor from should
      union all
      select p.organisation_id, p.key, p.source, p.account_id, p.source_id, l.code, l.fund_id, l.campaign_id, l.currency, -l.amount_minor
      from posted p join journal_line l on l.entry_id = p.id
    ) d
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    having sum(d.amount_minor) <> 0
  ), entry as (
    select d.organisation_id, d.key, d.source, d.account_id, d.source_id,
      jsonb_agg(jsonb_build_array(d.code, d.fund_id, d.campaign_id, d.currency, d.amount_minor)
        order by d.code, d.fund_id nulls first, d.campaign_id nulls first, d.currency) as lines
    from difference d
    group by 1, 2, 3, 4, 5
  ), due as (
    select organisation_id, key, min(day) as day from should group by 1, 2
  ), last_of_source as (
    select key, max(source_number) as number from posted group by 1
  ), last_here as (
    select organisation_id, key, (array_agg(id order by source_number desc))[1] as id, min(entered_on) as day from posted group by 1, 2
  )
  select
    entry.organisation_id, entry.source, entry.account_id, entry.source_id,
    coalesce(last_of_source.number, 0) + row_number() over (partition by entry.key order by entry.organisation_id),
    last_here.id, first_open_day(entry.organisation_id, coalesce(due.day, last_here.day)), entry.lines
  from entry
  left join due on due.organisation_id = entry.organisation_id and due.key = entry.key
  left join last_of_source on last_of_source.key = entry.key
  left join last_here on last_here.organisation_id = entry.organisation_id and last_here.key = entry.key
  order by entry.organisation_id, 7, entry.key
$$;

-- Appends these differences to the journal. Answers how many entries it took.
create function append_entries(p_differences book_difference[]) returns bigint language plpgsql as $$
declare
  v_now timestamptz := clock_timestamp();
  v_entries journal_entry[];
begin
  if cardinality(p_differences) = 0 then
    return 0;
  end if;
  v_entries := array(
    with numbered as (
      select d.ordinality, d.lines, last.hash as last_hash, row(
        nextval(pg_get_serial_sequence('journal_entry', 'id')), d.organisation_id,
        coalesce(last.number, 0) + row_number() over (partition by d.organisation_id order by d.ordinality),
        d.source, d.account_id, d.source_id, d.source_number, d.corrects, d.entered_on, v_now, jsonb_array_length(d.lines), null, null
      )::journal_entry as entry
      from unnest(p_differences) with ordinality d
      left join lateral (
        select e.number, e.hash from journal_entry e where e.organisation_id = d.organisation_id order by e.number desc limit 1
      ) last on true
    ), chained as (
      select ordinality, entry, last_hash,
        journal_chain(last_hash, journal_text(entry, lines))
          over (partition by (entry).organisation_id order by ordinality rows between unbounded preceding and current row) as hash
      from numbered
    )
    select row(
      (entry).id, (entry).organisation_id, (entry).number, (entry).source, (entry).account_id, (entry).source_id,
      (entry).source_number, (entry).corrects, (entry).entered_on, (entry).posted_at, (entry).line_count,
      coalesce(lag(hash) over (partition by (entry).organisation_id order by ordinality), last_hash), hash
    )::journal_entry
    from chained
    order by ordinality
  );
  insert into journal_entry overriding system value select * from unnest(v_entries) e order by e.organisation_id, e.number;
  insert into journal_line (entry_id, line_number, code, fund_id, campaign_id, currency, amount_minor)
  select e.id, l.number, l.line ->> 0, (l.line ->> 1)::bigint, (l.line ->> 2)::bigint, l.line ->> 3, (l.line ->> 4)::bigint
  from unnest(v_entries) with ordinality e
  join unnest(p_differences) with ordinality d on d.ordinality = e.ordinality
  cross join lateral jsonb_array_elements(d.lines) with ordinality l (line, number);
  return cardinality(v_entries);
end $$;

-- Posts what these sources should stand at and do not; nothing when they do. Answers how many entries it took.
create function append_differences(p_sources book_source[]) returns bigint language plpgsql as $$
begin
  return append_entries(array(select d from book_differences(p_sources) d));
end $$;

-- What of these sources stands on another open day than their own, to be taken back there: their organisation's days are others
-- now. What they should stand at is then due as a whole, on their day. Nothing of a closed month is taken back.
create function moved_differences(p_sources book_source[]) returns setof book_difference language sql stable as $$
  with due as materialized (
    select v.organisation_id, concat_ws('/', v.source, v.account_id, v.source_id) as key, min(v.day) as day
    from postings_of_sources(p_sources) v group by 1, 2
  ), posted as materialized (
    select concat_ws('/', s.source, s.account_id, s.source_id) as key, e.*
    from (select distinct source, account_id, source_id from unnest(p_sources)) s
    cross join lateral (
      select * from journal_entry e
      where e.source_id = s.source_id and e.source = s.source and e.account_id is not distinct from s.account_id
      offset 0
    ) e
  ), moved as (
    select p.organisation_id, p.key, p.source, p.account_id, p.source_id, p.entered_on, max(p.id) as id, l.code, l.fund_id, l.campaign_id,
      l.currency, -sum(l.amount_minor)::bigint as amount_minor
    from due
    join posted p on p.organisation_id = due.organisation_id and p.key = due.key and p.entered_on <> due.day
    join journal_line l on l.entry_id = p.id
    where not is_closed(due.organisation_id, least(due.day, p.entered_on))
    group by 1, 2, 3, 4, 5, 6, 8, 9, 10, 11
    having sum(l.amount_minor) <> 0
  ), last_of_source as (
    select key, max(source_number) as number from posted group by 1
  )
  select
    m.organisation_id, m.source, m.account_id, m.source_id,
    last_of_source.number + row_number() over (partition by m.key order by m.organisation_id, m.entered_on), max(m.id), m.entered_on,
    jsonb_agg(jsonb_build_array(m.code, m.fund_id, m.campaign_id, m.currency, m.amount_minor)
      order by m.code, m.fund_id nulls first, m.campaign_id nulls first, m.currency)
  from moved m
  join last_of_source on last_of_source.key = m.key
  group by m.organisation_id, m.key, m.source, m.account_id, m.source_id, m.entered_on, last_of_source.number
  order by m.organisation_id, m.entered_on, m.key
$$;

-- Decides how a payout whose members are not known is split: in proportion to what each fund has at Stripe.
create function estimate_payouts(p_sources book_source[]) returns void language sql as $$
  insert into payout_estimate (account_id, payout, fund_id, share_minor)
  select bt.account_id, bt.source, fund.fund_id, fund.share_minor
  from unnest(p_sources) s
  join stripe_balance_transaction bt on bt.id = s.source_id and bt.account_id = s.account_id and bt.type = 'payout'
  join account a on a.id = bt.account_id and a.organisation_id is not null
  cross join lateral (
    select b.fund_ids[n] as fund_id, share_minor
    from (
      select
        coalesce(array_agg(t.fund_id order by t.fund_id), array[general_fund(a.organisation_id)]) as fund_ids,
        coalesce(array_agg(greatest(t.amount_minor * sign(-bt.amount_minor), 0)::bigint order by t.fund_id), array[1::bigint]) as weights
      from (
        select t.fund_id, sum(t.amount_minor) as amount_minor
        from book_total t
        where t.grain = 'month' and t.code = '1100' and t.account_id = bt.account_id and t.currency = bt.currency
        group by t.fund_id
        having sum(t.amount_minor) <> 0
      ) t
    ) b
    cross join lateral unnest(split_by_weight(-bt.amount_minor, b.weights)) with ordinality u (share_minor, n)
  ) fund
  where s.source = 'balance transaction' and bt.source is not null
    and not exists (select from payout_shares(bt.account_id, bt.source))
$$;

-- Posts these sources, and then the payouts that hold them, since a payout is split as its members are. What sends a payout
-- back is split as that payout, and is itself a member of a later one: so they follow each other, the earliest first.
create function post_sources(p_sources book_source[]) returns bigint language plpgsql set jit = off as $$
declare
  v_payouts book_source[];
  v_payout book_source;
  v_posted bigint;
  v_last bigint;
begin
  perform take_ledger_lock();
  v_payouts := array(
    with recursive payout as (
      select bt.account_id, bt.id, bt.source
      from unnest(p_sources) s
      join stripe_balance_transaction bt on bt.id = s.source_id and bt.account_id = s.account_id
      where s.source = 'balance transaction' and becomes(bt) = 'payout'
      union
      select bt.account_id, bt.id, bt.source
      from unnest(p_sources) s
      join stripe_payout_member m on m.id = s.source_id and m.account_id = s.account_id
      join stripe_balance_transaction bt on bt.source = m.payout and bt.account_id = m.account_id
      where s.source = 'balance transaction'
      union
      select bt.account_id, bt.id, bt.source
      from payout
      left join stripe_payout_member m on m.id = payout.id and m.account_id = payout.account_id
      join stripe_balance_transaction bt on bt.source in (payout.source, m.payout) and bt.account_id = payout.account_id
    )
    select row('balance transaction', p.account_id, p.id)::book_source
    from payout p
    join stripe_balance_transaction bt on bt.id = p.id and bt.account_id = p.account_id
    order by bt.created, bt.type <> 'payout', bt.id
  );
  v_posted := append_differences(array(select s from unnest(p_sources) s where not s = any (v_payouts)));
  -- Those of one second may stand in the wrong order, so it is looked again until nothing is left to be posted.
  loop
    v_last := v_posted;
    foreach v_payout in array v_payouts loop
      perform estimate_payouts(array[v_payout]);
      v_posted := v_posted + append_differences(array[v_payout]);
    end loop;
    exit when v_posted = v_last;
  end loop;
  return v_posted;
end $$;

-- The sources that a batch of facts, and the payments it touched, can change.
create function sources_touched_by(p_facts jsonb, p_payments bigint[]) returns setof book_source language sql stable as $$
  with fact as materialized (
    select f ->> 'kind' as kind, (f ->> 'account_id')::bigint as account_id, f ->> 'id' as id, f ->> 'what' as what, f ->> 'payout' as payout
    from jsonb_array_elements(p_facts) f
    where f ->> 'kind' in ('balance_transaction', 'payout', 'payout_member', 'dispute') or f ->> 'what' = 'payout_members'
  ), origin as (
    -- What a balance transaction of a touched payment can name as its source.
    select c.account_id, c.id::text
    from unnest(p_payments) t (id)
    join payment p on p.id = t.id
    join stripe_charge c on coalesce(c.payment_intent, c.id) = p.key and c.account_id = p.account_id
  ), of_charge as materialized (
    select origin.account_id, origin.id from origin
    union
    select r.account_id, r.id::text from origin join stripe_refund r on r.charge = origin.id and r.account_id = origin.account_id
    union
    select r.account_id, r.id::text
    from unnest(p_payments) t (id)
    join payment p on p.id = t.id
    join stripe_refund r on r.payment_intent = p.key and r.account_id = p.account_id
    union
    select d.account_id, d.id::text from origin join stripe_dispute d on d.charge = origin.id and d.account_id = origin.account_id
    union
    select fact.account_id, coalesce(fact.payout, fact.id) from fact where kind in ('payout', 'payout_member') or what = 'payout_members'
  )
  select 'balance transaction', fact.account_id, fact.id from fact where kind = 'balance_transaction'
  union
  select 'balance transaction', bt.account_id, bt.id
  from of_charge join stripe_balance_transaction bt on bt.source = of_charge.id and bt.account_id = of_charge.account_id
  union
  select 'dispute outcome', d.account_id, d.id
  from of_charge join stripe_dispute d on d.id = of_charge.id and d.account_id = of_charge.account_id
  union
  select 'dispute outcome', fact.account_id, fact.id from fact where kind = 'dispute'
  union
  select 'command', null, p.key
  from unnest(p_payments) t (id) join payment p on p.id = t.id
  where p.account_id is null
$$;

-- Sources that the next drain posts anew because something beside their facts changed, or because they were known before there
-- were books.
create table dirty_source (
  source text collate "C" not null,
  account_id bigint references account,
  source_id text collate "C" not null,
  since timestamptz not null default now(),
  constraint a_source_is_dirty_once unique nulls not distinct (source_id, source, account_id)
);
create index dirty_source_by_age on dirty_source (since, source_id);

insert into dirty_source (source, account_id, source_id)
select 'balance transaction', account_id, id from stripe_balance_transaction
union all
select 'dispute outcome', account_id, id from stripe_dispute
union all
select 'command', null, key from payment where account_id is null;

-- Posts up to p_limit of them. Payouts come last, when what they hold is posted.
create function post_dirty_sources(p_limit bigint) returns bigint language plpgsql as $$
declare
  v_sources book_source[];
  v_posted bigint;
begin
  perform take_ledger_lock();
  v_sources := array(
    select row(d.source, d.account_id, d.source_id)::book_source from dirty_source d order by d.since, d.source_id limit p_limit
  );
  if cardinality(v_sources) = 0 then
    return 0;
  end if;
  v_posted := append_entries(array(select d from moved_differences(v_sources) d));
  v_posted := v_posted + post_sources(v_sources);
  delete from dirty_source d using unnest(v_sources) s
  where d.source_id = s.source_id and d.source = s.source and d.account_id is not distinct from s.account_id;
  return v_posted;
end $$;

-- Has every payment and every movement of an account derived anew: its organisation, and so its days, became known.
create or replace function mark_account_dirty(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_marked bigint;
begin
  perform take_ledger_lock();
  insert into dirty_payment (payment_id)
  select p.id from payment p where p.account_id = p_account_id
  on conflict do nothing;
  get diagnostics v_marked = row_count;
  insert into dirty_source (source, account_id, source_id)
  select 'balance transaction', bt.account_id, bt.id from stripe_balance_transaction bt where bt.account_id = p_account_id
  on conflict do nothing;
  return v_marked;
end $$;

-- The payments that a batch of facts can change.
create or replace function payments_touched_by(p_facts jsonb) returns table (payment_id bigint) language sql stable as $$
  with fact as materialized (
    select
      f ->> 'kind' as kind, (f ->> 'account_id')::bigint as account_id, f ->> 'id' as id, f ->> 'payment_intent' as payment_intent,
      f ->> 'charge' as charge, f ->> 'session' as session, f ->> 'source' as source, f ->> 'what' as what,
      f ->> 'invoice' as invoice, f ->> 'subscription' as subscription
    from jsonb_array_elements(p_facts) f
  ), invoice_of_fact as (
    -- The payments of an invoice, of a subscription's invoices, or of the invoices of a session's subscription.
    select ip.account_id, ip.payment_intent, ip.charge
    from fact
    join stripe_invoice i on i.account_id = fact.account_id
      and i.subscription = case fact.kind when 'subscription' then fact.id when 'checkout_session' then fact.subscription end
    join stripe_invoice_payment ip on ip.account_id = i.account_id and ip.invoice = i.id
    where fact.kind in ('subscription', 'checkout_session')
    union
    select ip.account_id, ip.payment_intent, ip.charge
    from fact
    join stripe_invoice_payment ip on ip.account_id = fact.account_id and ip.invoice = fact.id
    where fact.kind = 'invoice'
  ), key as (
    select account_id, id as key from fact where kind in ('charge', 'payment_intent') or what in ('session_of_payment', 'payment_intent')
    union
    select account_id, payment_intent from fact where kind in ('charge', 'checkout_session', 'refund', 'dispute', 'invoice_payment')
    union
    select account_id, charge from fact where kind in ('refund', 'dispute', 'invoice_payment')
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.id = fact.charge
    where fact.kind in ('refund', 'dispute', 'invoice_payment')
    union
    select account_id, payment_intent from invoice_of_fact
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from invoice_of_fact i
    join stripe_charge c on c.account_id = i.account_id and c.id = i.charge
    union
    -- The balance transaction of a dispute, of a refund, or of a refund that failed.
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_dispute d on d.account_id = fact.account_id and d.id = fact.source
    join stripe_charge c on c.account_id = d.account_id and c.id = d.charge
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_refund r on r.account_id = fact.account_id and r.failure_balance_transaction = fact.id
    join stripe_charge c on c.account_id = r.account_id and c.id = r.charge
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_refund r on r.account_id = fact.account_id and r.id = fact.source
    join stripe_charge c on c.account_id = r.account_id and c.id = r.charge
    where fact.kind = 'balance_transaction'
    union
    select s.account_id, s.payment_intent
    from fact
    join stripe_checkout_session s
      on s.account_id = fact.account_id and s.id = case when fact.kind = 'fetched' then fact.id else fact.session end
    where fact.kind = 'line_item' or fact.what = 'line_items'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.balance_transaction = fact.id
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.customer = fact.id
    where fact.kind = 'customer'
    union
    select s.account_id, s.payment_intent
    from fact
    join stripe_checkout_session s on s.account_id = fact.account_id and s.customer = fact.id
    where fact.kind = 'customer'
    union
    -- The balance transaction of a charge that does not name it yet.
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.id = fact.source
    where fact.kind = 'balance_transaction'
  )
  select distinct p.id
  from key
  join payment p on p.account_id = key.account_id and p.key = key.key
$$;

-- Payments whose fee is not known: a few, since the sweep brings what no event told. Kept by the drain.
create table awaiting_fee (
  payment_id bigint primary key references payment
);

-- The payments of which no balance transaction says what Stripe took.
create view awaiting_fee_view as
select p.id as payment_id
from payment p
where p.account_id is not null and p.state = 'succeeded' and not exists (
  select
  from stripe_charge c
  join stripe_balance_transaction bt on bt.source = c.id and bt.account_id = c.account_id
  where coalesce(c.payment_intent, c.id) = p.key and c.account_id = p.account_id and c.status = 'succeeded'
);

insert into awaiting_fee (payment_id) select payment_id from awaiting_fee_view;

create function note_awaiting_fees(p_payments bigint[]) returns void language plpgsql as $$
declare
  v_awaiting bigint[] := array(select v.payment_id from awaiting_fee_view v where v.payment_id = any (p_payments));
begin
  delete from awaiting_fee where payment_id = any (p_payments) and payment_id <> all (v_awaiting);
  insert into awaiting_fee (payment_id) select unnest(v_awaiting) on conflict do nothing;
end $$;

-- Books a batch: { mode, tickets: [inbox id], facts: [fact] } (core/fact.ts). Up to 500 payments and 500 sources marked
-- dirty go along. What is booked is posted in the same call.
create or replace function drain(p_batch jsonb) returns table (payments bigint, gifts bigint, sales bigint, returns bigint)
language plpgsql set jit = off set enable_seqscan = off as $$
declare
  v_facts jsonb := p_batch -> 'facts';
  v_dirty bigint[];
  v_touched bigint[];
begin
  perform take_ledger_lock();
  if jsonb_array_length(v_facts) > 0 then
    perform hold_mode(p_batch ->> 'mode');
  end if;

  perform join_batch(v_facts);
  insert into stripe_fetched as known (account_id, what, id, fetched_at, found)
  select (f ->> 'account_id')::bigint, f ->> 'what', f ->> 'id', max((f ->> 'fetched_at')::timestamptz), max((f ->> 'found')::bigint)
  from jsonb_array_elements(v_facts) f
  where f ->> 'kind' = 'fetched'
  group by 1, 2, 3
  on conflict (account_id, what, id) do update set
    fetched_at = greatest(known.fetched_at, excluded.fetched_at), found = greatest(known.found, excluded.found)
  where (excluded.fetched_at, excluded.found) is distinct from (known.fetched_at, known.found);

  insert into payment (account_id, key)
  select distinct c.account_id, coalesce(c.payment_intent, c.id)
  from jsonb_array_elements(v_facts) f
  cross join lateral (
    select * from stripe_charge c where c.account_id = (f ->> 'account_id')::bigint and c.id = f ->> 'id' limit 1
  ) c
  where f ->> 'kind' = 'charge'
  order by 1, 2
  on conflict (account_id, key) do nothing;

  v_dirty := array(select payment_id from dirty_payment order by since, payment_id limit 500);
  v_touched := array(select payment_id from payments_touched_by(v_facts) union select unnest(v_dirty));
  select s.payments, s.gifts, s.sales, s.returns into payments, gifts, sales, returns from store_payments(v_touched) s;
  perform note_fetch_needs(v_facts, v_touched);
  perform post_sources(array(select s from sources_touched_by(v_facts, v_touched) s));
  perform post_dirty_sources(500);
  perform note_awaiting_fees(v_touched);

  delete from dirty_payment where payment_id = any (v_dirty);
  delete from ticket where inbox_id in (select t::bigint from jsonb_array_elements_text(p_batch -> 'tickets') t);
  -- Of a renewal that failed again only its invoice tells.
  if payments + gifts + sales + returns > 0
    or exists (select from jsonb_array_elements(v_facts) f where f ->> 'kind' in ('invoice', 'subscription')) then
    perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  end if;
  return next;
end $$;

-- A gift by hand, in one call: { request, fund, organisation?, amount_minor, currency, day, email?, name?, person?, note? }.
-- The person is stated by a normalised e-mail, by a name (a new person is made), or by number; without any the gift is
-- unnamed. `request` makes a repeated call harmless: the same request answers the same gift.
create or replace function record_cash(p_gift jsonb) returns table (cash_gift_id bigint, payment_id bigint, recorded boolean)
language plpgsql set jit = off as $$
declare
  v_fund fund;
  v_organisation bigint;
  v_today date;
  v_key text;
  v_person bigint;
begin
  perform take_ledger_lock();
  select c.id, p.id, false into cash_gift_id, payment_id, recorded
  from cash_gift c join payment p on p.cash_gift_id = c.id
  where c.request = p_gift ->> 'request';
  if found then
    return next;
    return;
  end if;

  select f.* into v_fund from fund f where f.slug = p_gift ->> 'fund';
  if v_fund.id is null then
    raise exception 'there is no fund %', p_gift ->> 'fund' using errcode = 'no_data_found';
  end if;
  select o.id into v_organisation from organisation o where o.slug = p_gift ->> 'organisation';
  if v_organisation is null and p_gift ->> 'organisation' is not null then
    raise exception 'there is no organisation %', p_gift ->> 'organisation' using errcode = 'no_data_found';
  end if;
  v_organisation := coalesce(v_organisation, organisation_of_fund(v_fund.id));
  v_today := organisation_day(v_organisation, now());
  if (p_gift ->> 'day')::date > v_today then
    raise exception 'the day % is still to come', p_gift ->> 'day' using errcode = 'check_violation';
  end if;

  if p_gift ->> 'email' is not null then
    v_key := 'email:' || (p_gift ->> 'email');
    perform know_identities(array[v_key]);
  elsif p_gift ->> 'person' is not null then
    select i.key into v_key from identity i where i.person_id = (p_gift ->> 'person')::bigint order by i.id limit 1;
    if v_key is null then
      raise exception 'there is no person %', p_gift ->> 'person' using errcode = 'no_data_found';
    end if;
  elsif p_gift ->> 'name' is not null then
    insert into person (name) values (p_gift ->> 'name') returning id into v_person;
    v_key := 'person:' || v_person;
    insert into identity (key, person_id) values (v_key, v_person);
  end if;

  insert into cash_gift (request, fund_id, organisation_id, identity_key, occurred_on, amount_minor, currency, note)
  values (
    p_gift ->> 'request', v_fund.id, v_organisation, v_key, (p_gift ->> 'day')::date, (p_gift ->> 'amount_minor')::bigint,
    coalesce(p_gift ->> 'currency', v_fund.currency), p_gift ->> 'note'
  )
  returning id into cash_gift_id;
  insert into payment (key, cash_gift_id) values ('cash_' || cash_gift_id, cash_gift_id) returning id into payment_id;
  perform store_payments(array[payment_id]);
  perform post_sources(array[row('command', null, 'cash_' || cash_gift_id)::book_source]);
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  recorded := true;
  return next;
end $$;
