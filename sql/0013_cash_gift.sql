-- A gift by hand, in one call: { request, fund, organisation?, amount_minor, currency, day, email?, name?, person?, note? }.
-- The person is stated by a normalised e-mail, by a name (a new person is made), or by number; without any the gift is
-- unnamed. `request` makes a repeated call harmless: the same request answers the same gift.
create function record_cash(p_gift jsonb) returns table (cash_gift_id bigint, payment_id bigint, recorded boolean)
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
  v_organisation := coalesce(v_organisation, v_fund.general_of, (
    select a.organisation_id
    from fund_account fa join account a on a.id = fa.account_id
    where fa.fund_id = v_fund.id order by fa.position, fa.account_id limit 1
  ));
  select local_day(now(), coalesce(o.time_zone, 'UTC')) into v_today
  from (select) one left join organisation o on o.id = v_organisation;
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
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  recorded := true;
  return next;
end $$;
