-- The desk: what needs a hand, the mail that says so, and the ways to find a gift.

-- Mail. A row is written once and sent by whoever holds its lease; what was sent stays as it was. A key says what a mail is
-- about and to whom, by numbers only, so that the same thing is never said twice. The shapes are those of core/mail.ts: no
-- line can end inside a header.
create table mail (
  id bigint generated always as identity primary key,
  key text collate "C" not null constraint a_mail_is_written_once unique,
  recipient text not null constraint a_recipient_is_one_address
    check (recipient ~ '^[^[:space:][:cntrl:]<>,;:"()\\@]+@[^[:space:][:cntrl:]<>,;:"()\\@]+$' and length(recipient) <= 254),
  subject text not null constraint a_subject_is_one_line
    check (subject !~ '[[:cntrl:]\u2028\u2029]' and length(subject) between 1 and 200),
  body text not null constraint a_mail_is_not_a_book check (length(body) <= 20000),
  queued_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  tries bigint not null default 0 constraint tries_of_a_mail_count_from_zero check (tries >= 0),
  lease_owner uuid,
  lease_until timestamptz,
  error text,
  sent_at timestamptz,
  given_up_at timestamptz,
  constraint a_mail_is_sent_or_given_up_or_waits check (sent_at is null or given_up_at is null),
  constraint a_lease_of_a_mail_has_an_owner_and_an_end check ((lease_owner is null) = (lease_until is null))
);
create index mail_due on mail (next_at, id) where sent_at is null and given_up_at is null;
create index mail_given_up on mail (given_up_at) where given_up_at is not null;

-- Puts mails into the queue: [{ key, recipient, subject, body }]. Answers how many are new.
create function queue_mail(p_mails jsonb) returns bigint language plpgsql as $$
declare
  v_queued bigint;
begin
  insert into mail (key, recipient, subject, body)
  select m.key, m.recipient, m.subject, m.body
  from jsonb_to_recordset(p_mails) m (key text, recipient text, subject text, body text)
  order by m.key collate "C"
  on conflict (key) do nothing;
  get diagnostics v_queued = row_count;
  return v_queued;
end $$;

-- What Stripe last said of our own webhook endpoint of an account; unknown where our key may not ask.
create table endpoint_watch (
  account_id bigint primary key references account,
  status text not null constraint an_endpoint_is_enabled_disabled_missing_or_unknown
    check (status in ('enabled', 'disabled', 'missing', 'unknown')),
  asked_at timestamptz not null default now()
);

-- Something that a person has to mend. It is raised once, told once, and told once more when it is over; `about` has what its
-- sentence needs: counts, moments, names of our own. Nothing of donors.
create table alert (
  id bigint generated always as identity primary key,
  kind text not null constraint an_alert_is_of_a_known_kind check (kind in (
    'clock', 'endpoint disabled', 'key refused', 'sweep late', 'disk low', 'dead letters', 'arriving', 'mail stuck'
  )),
  -- The account's slug; empty for what concerns the whole service.
  subject text not null,
  organisation_id bigint references organisation,
  about jsonb not null,
  -- Who has said that they look after it; nobody yet when null.
  owner_id text,
  owner_name text,
  since timestamptz not null default now(),
  due_at timestamptz not null,
  told_at timestamptz,
  cleared_at timestamptz,
  cleared_told_at timestamptz,
  constraint an_owner_has_a_name check ((owner_id is null) = (owner_name is null))
);
create unique index one_alert_stands_at_a_time on alert (kind, subject) where cleared_at is null;
create index alert_to_tell on alert (id) where told_at is null or (cleared_at is not null and cleared_told_at is null);
create index alert_by_organisation on alert (organisation_id);
create index alert_cleared on alert (cleared_at desc, id desc) where cleared_at is not null;

-- Everything that needs a hand at this moment, as far as the database can see it, and within what time.
create view alert_finding as
with key_refused as (
  select account.id as account_id, coalesce(
    (select p.reason from undelivered_pause p where p.account_id = account.id and p.reason in ('StripeAuthenticationError', 'StripePermissionError')),
    (select p.reason from stripe_pause p
      where p.account_id = account.id and p.until > now() and p.reason in ('StripeAuthenticationError', 'StripePermissionError')),
    (select n.error from fetch_need n where n.account_id = account.id and n.error in ('StripeAuthenticationError', 'StripePermissionError') limit 1)
  ) as reason
  from account
), dead as (
  select account_id, sum(letters)::bigint as letters
  from (
    select t.account_id, count(*) as letters from ticket t where t.dead_at is not null group by t.account_id
    union all
    select n.account_id, count(*) from fetch_need n where n.due_at = 'infinity' group by n.account_id
  ) one
  group by account_id
), of_account as (
  select account_id, 'key refused' as kind, jsonb_build_object('reason', reason) as about, interval '1 day' as within
  from key_refused where reason is not null
  union all
  select account_id, 'endpoint disabled', '{}', interval '1 day' from endpoint_watch where status = 'disabled'
  union all
  -- Not looked through for six hours, though our key would be taken.
  select account.id, 'sweep late', jsonb_build_object('since', coalesce(s.swept_to, p.since)), interval '1 day'
  from account
  left join undelivered_sweep s on s.account_id = account.id
  left join undelivered_pause p on p.account_id = account.id
  where coalesce(s.swept_to, p.since) < now() - interval '6 hours'
    and exists (select from key_refused k where k.account_id = account.id and k.reason is null)
  union all
  select account_id, 'dead letters', jsonb_build_object('letters', letters), interval '3 days' from dead
  union all
  select late.account_id, 'arriving', jsonb_build_object('payments', count(*), 'since', min(late.since)), interval '2 days'
  from arriving_too_long late group by late.account_id
)
select o.kind, account.slug::text as subject, account.organisation_id, o.about, o.within
from of_account o join account on account.id = o.account_id
union all
-- From a minute on, as core/clock.ts isClockOff has it.
select 'clock', '', null, jsonb_build_object('aheadMs', ahead_ms, 'measuredAt', measured_at), interval '4 hours'
from stripe_clock where abs(ahead_ms) > 60000
union all
select 'mail stuck', '', null, jsonb_build_object('mails', count(*)), interval '3 days'
from mail where given_up_at is not null having count(*) > 0;

-- Raises what was found and has no alert yet, and clears what is over. `p_found` is what only the process can see, such as its
-- disk: [{ kind, subject, about, hours }]; `p_looked` names the kinds that it looked for.
create function watch_alerts(p_found jsonb, p_looked jsonb) returns void language plpgsql as $$
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
    and (a.kind <> 'disk low' or p_looked ? a.kind)
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

-- Who is told by mail: admins for everything, and those of the organisation it concerns.
create function alert_recipients(p_organisation_id bigint) returns table (staff_id text, email text) language sql stable as $$
  select distinct s.id, s.email
  from auth.staff s join auth.membership m on m.staff_id = s.id
  where s.left_at is null and m.role = 'admin' and (m.organisation_id is null or m.organisation_id = p_organisation_id)
  order by s.id
$$;

-- Notes that an alert was told, or that it is over, and puts the mails that say so into the queue; both or neither. Answers
-- whether this is the call that did.
create function tell_alert(p_alert_id bigint, p_is_over boolean, p_mails jsonb) returns boolean language plpgsql as $$
begin
  if p_is_over then
    update alert set cleared_told_at = now() where id = p_alert_id and cleared_at is not null and cleared_told_at is null;
  else
    update alert set told_at = now() where id = p_alert_id and told_at is null;
  end if;
  if not found then
    return false;
  end if;
  perform queue_mail(p_mails);
  return true;
end $$;

-- Somebody says that they look after an alert, or (`p_take` false) that they do not any more. Answers whether it still stood.
create function take_alert(p_alert_id bigint, p_staff jsonb, p_take boolean) returns boolean language plpgsql as $$
declare
  v_before alert;
begin
  select * into v_before from alert where id = p_alert_id and cleared_at is null for update;
  if v_before.id is null then
    return false;
  end if;
  update alert set
    owner_id = case when p_take then p_staff ->> 'id' end,
    owner_name = case when p_take then p_staff ->> 'name' end
  where id = p_alert_id;
  perform record_change(
    p_staff, case when p_take then 'took' else 'gave back' end, 'alert', v_before.kind || ' ' || v_before.subject,
    jsonb_build_object('owner', v_before.owner_id, 'organisations', coalesce(
      (select jsonb_agg(o.slug) from organisation o where o.id = v_before.organisation_id), '[]')),
    jsonb_build_object('owner', case when p_take then p_staff ->> 'id' end)
  );
  return true;
end $$;

-- When somebody leaves, what they looked after is nobody's again, so that it is asked for.
create function alerts_of_leavers_are_nobodys() returns trigger language plpgsql as $$
begin
  update alert set owner_id = null, owner_name = null where owner_id = old.id and cleared_at is null;
  return null;
end $$;

create trigger alerts_of_leavers_are_nobodys after update of left_at on auth.staff
  for each row when (new.left_at is not null and old.left_at is null) execute function alerts_of_leavers_are_nobodys();
create trigger alerts_of_removed_staff_are_nobodys after delete on auth.staff
  for each row execute function alerts_of_leavers_are_nobodys();

-- Gifts, newest first, page by page: each page costs what it shows.
create index gift_by_day on gift (counted_on desc, payment_id desc, part desc);
create index gift_by_fund_and_day on gift (fund_id, counted_on desc, payment_id desc, part desc);
create index gift_returned_by_day on gift (counted_on desc, payment_id desc, part desc) where returned_minor <> 0;
create index gift_by_amount on gift (amount_minor);
create index gift_by_subscription on gift (subscription) where subscription is not null;
create index payment_unsettled_by_day on payment (occurred_on desc, id desc) where state in ('pending', 'failed', 'arriving');

-- A name as it is looked for: small letters, without the marks above and below them, so that whoever types gunel finds Günel.
create function folded_name(p_name text) returns text language sql immutable strict parallel safe as $$
  select translate(regexp_replace(normalize(lower(p_name), nfkd), '[\u0300-\u036f]', '', 'g'), 'əıøłđß', 'eiolds')
$$;

-- Names, word by word, as those who paid typed them.
create index stripe_charge_by_name on stripe_charge using gin (to_tsvector('simple', folded_name(billing ->> 'name'))) where billing ->> 'name' is not null;
create index stripe_checkout_session_by_name on stripe_checkout_session using gin (to_tsvector('simple', folded_name(customer_details ->> 'name')))
  where customer_details ->> 'name' is not null;
create index person_by_name on person using gin (to_tsvector('simple', folded_name(name))) where name is not null;

-- What a person typed, as a question for names: every word must begin a word of the name. Null when there is no word.
create function name_question(p_text text) returns tsquery language sql immutable strict parallel safe as $$
  select to_tsquery('simple', string_agg(quote_literal(word) || ':*', ' & '))
  from regexp_split_to_table(folded_name(p_text), '[^[:alnum:]]+') word
  where word <> ''
$$;

-- The name that stands behind a payment: what the desk says, else what the payer typed at Stripe.
create function payer_name(p_payment_id bigint, p_identity_id bigint) returns text language sql stable as $$
  select coalesce(
    (select person.name from identity i join person on person.id = i.person_id where i.id = p_identity_id),
    (select s.customer_details ->> 'name' from stripe_checkout_session s
      where s.account_id = p.account_id and s.payment_intent = p.key and s.customer_details ->> 'name' is not null
      order by s.id limit 1),
    (select c.billing ->> 'name' from stripe_charge c
      where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key and c.billing ->> 'name' is not null
      order by charge_rank(c.status) desc, c.created, c.id limit 1)
  )
  from payment p where p.id = p_payment_id
$$;

-- The payments that a person looks for: by a name ('name'), by the beginning of an e-mail ('email'), or by any id of Stripe's
-- or ours ('id'). A name or an e-mail finds all gifts of the people it finds.
create function find_payments(p_by text, p_text text) returns table (payment_id bigint) language plpgsql stable rows 100 as $$
#variable_conflict use_column
begin
  if p_by = 'id' then
    return query
      select p.id from payment p where p.key = p_text
      union
      select p.id from payment p where p.order_id = p_text
      union
      select p.id from stripe_charge c
        join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id) where c.id = p_text
      union
      select p.id from stripe_refund r
        left join stripe_charge c on c.account_id = r.account_id and c.id = r.charge
        join payment p on p.account_id = r.account_id and p.key = coalesce(r.payment_intent, c.payment_intent, c.id) where r.id = p_text
      union
      select p.id from stripe_checkout_session s
        join payment p on p.account_id = s.account_id and p.key = s.payment_intent where s.id = p_text
      union
      select g.payment_id from gift g where g.subscription = p_text
      union
      select p.id from payment p where p_text ~ '^[0-9]{1,18}$' and p.id = case when p_text ~ '^[0-9]{1,18}$' then p_text::bigint end;
  elsif p_by = 'email' then
    return query
      with found as (
        select distinct i.person_id from identity i
        where i.key >= 'email:' || p_text and i.key < 'email:' || p_text || U&'\+10FFFF'
      ), theirs as (
        select i.id from identity i join found on found.person_id = i.person_id
      )
      select g.payment_id from theirs join gift g on g.identity_id = theirs.id
      union
      select s.payment_id from theirs join sale s on s.identity_id = theirs.id;
  elsif p_by = 'name' and name_question(p_text) is not null then
    return query
      with named as (
        select p.id from stripe_charge c
          join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id)
          where c.billing ->> 'name' is not null and to_tsvector('simple', folded_name(c.billing ->> 'name')) @@ name_question(p_text)
        union
        select p.id from stripe_checkout_session s
          join payment p on p.account_id = s.account_id and p.key = s.payment_intent
          where s.customer_details ->> 'name' is not null
            and to_tsvector('simple', folded_name(s.customer_details ->> 'name')) @@ name_question(p_text)
        union
        select g.payment_id from stripe_checkout_session s
          join gift g on g.account_id = s.account_id and g.subscription = s.subscription
          where s.subscription is not null and s.customer_details ->> 'name' is not null
            and to_tsvector('simple', folded_name(s.customer_details ->> 'name')) @@ name_question(p_text)
      ), theirs as (
        select i.id from identity i
        where i.person_id in (
          select n.person_id from named join gift g on g.payment_id = named.id join identity n on n.id = g.identity_id
          union
          select person.id from person where person.name is not null and to_tsvector('simple', folded_name(person.name)) @@ name_question(p_text)
        )
      )
      select named.id from named
      union
      select g.payment_id from theirs join gift g on g.identity_id = theirs.id;
  end if;
end $$;
