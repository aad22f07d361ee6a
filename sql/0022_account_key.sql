-- Keys of Stripe accounts that were pasted at the desk. What stands here opens only with the settings' key, which is kept
-- elsewhere, and only for this account and kind. A key that came from the settings of the environment has no row.

create table account_key (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  kind text not null constraint an_account_key_is_a_secret_key_or_a_webhook_secret
    check (kind in ('secret key', 'webhook secret')),
  mode text not null constraint an_account_key_is_of_a_mode check (mode in ('sandbox', 'test', 'live')),
  iv text not null,
  ciphertext text not null,
  -- Names the settings' key that sealed it.
  sealed_by text not null,
  last_four text not null constraint of_a_key_four_characters_are_told check (length(last_four) <= 4),
  -- The endpoint at Stripe that a webhook secret belongs to, if we made it.
  endpoint_id text,
  since timestamptz not null default now(),
  -- May lie ahead: a webhook secret that was replaced is taken for another day.
  revoked_at timestamptz
);
create index account_key_by_account on account_key (account_id, kind, id);

-- Keys that are taken now, by their numbers: another text means that the keys of this account are to be read again.
create function account_keys_stamp(p_account_id bigint) returns text language sql stable as $$
  select coalesce(string_agg(k.id::text, ' ' order by k.id), '')
  from account_key k
  where k.account_id = p_account_id and (k.revoked_at is null or k.revoked_at > now())
$$;

-- A database holds money of one mode. A test or live key fixes it where nothing has yet.
create function require_mode(p_mode text) returns void language plpgsql as $$
declare
  v_mode text;
begin
  if p_mode <> 'sandbox' then
    insert into database_mode (mode) values (p_mode) on conflict (only_row) do nothing;
  end if;
  select mode into v_mode from database_mode;
  if v_mode <> p_mode then
    raise exception 'this database holds % payments and stays so, and this is a % key: go live makes another database', v_mode, p_mode
      using errcode = 'check_violation';
  end if;
end $$;

-- Keeps what was pasted: at most one row of each kind, which takes the place of the one before. A secret key that was
-- replaced is used no more; a webhook secret is still taken for a day, since Stripe may repeat what it signed with it.
-- p_stripe_account is the account's id at Stripe, null where Stripe did not tell.
create function keep_account_keys(
  p_staff jsonb, p_account_id bigint, p_mode text, p_stripe_account text, p_keys jsonb
) returns void language plpgsql as $$
declare
  v_account account;
  v_other text;
  v_before jsonb;
begin
  perform take_ledger_lock();
  perform require_mode(p_mode);
  select * into v_account from account where id = p_account_id for update;
  if v_account.id is null then
    raise exception 'there is no such account' using errcode = 'no_data_found';
  end if;
  if p_stripe_account <> v_account.stripe_account_id then
    raise exception 'account % is % at Stripe, and this key belongs to %', v_account.slug, v_account.stripe_account_id, p_stripe_account
      using errcode = 'check_violation';
  end if;
  select slug into v_other from account where stripe_account_id = p_stripe_account and id <> p_account_id limit 1;
  if v_other is not null then
    raise exception 'this key belongs to %, which is account % here already', p_stripe_account, v_other
      using errcode = 'check_violation';
  end if;
  update account set stripe_account_id = p_stripe_account
  where id = p_account_id and p_stripe_account is not null and stripe_account_id is null;

  v_before := account_keys_told(p_account_id);
  update account_key k
  set revoked_at = case k.kind when 'webhook secret' then now() + interval '1 day' else now() end
  where k.account_id = p_account_id and k.revoked_at is null
    and k.kind in (select f.kind from jsonb_to_recordset(p_keys) as f (kind text));
  insert into account_key (account_id, kind, mode, iv, ciphertext, sealed_by, last_four, endpoint_id)
  select p_account_id, f.kind, p_mode, f.iv, f.ciphertext, f."sealedBy", f."lastFour", f."endpointId"
  from jsonb_to_recordset(p_keys) as f (
    kind text, iv text, ciphertext text, "sealedBy" text, "lastFour" text, "endpointId" text
  );
  perform record_change(
    p_staff, 'changed', 'account key', v_account.slug, v_before, account_keys_told(p_account_id)
  );
end $$;

-- What the audit trail says of an account's keys: their last four characters and since when.
create function account_keys_told(p_account_id bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'keys', coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'lastFour', k.last_four, 'since', k.since) order by k.id), '[]'),
    'organisations', coalesce((
      select jsonb_build_array(o.slug) from account a join organisation o on o.id = a.organisation_id where a.id = p_account_id
    ), '[]')
  )
  from account_key k
  where k.account_id = p_account_id and k.revoked_at is null
$$;

-- Forgets the keys of a kind at once; nothing is taken or asked with them any more.
create function revoke_account_keys(p_staff jsonb, p_account_id bigint, p_kind text) returns bigint language plpgsql as $$
declare
  v_before jsonb := account_keys_told(p_account_id);
  v_revoked bigint;
begin
  update account_key k set revoked_at = now()
  where k.account_id = p_account_id and k.kind = p_kind and (k.revoked_at is null or k.revoked_at > now());
  get diagnostics v_revoked = row_count;
  if v_revoked > 0 then
    perform record_change(
      p_staff, 'removed', 'account key', (select a.slug from account a where a.id = p_account_id),
      v_before, account_keys_told(p_account_id)
    );
  end if;
  return v_revoked;
end $$;

-- Going live: a new database takes over what was set up, and nothing of money or donors. Tables in an order in which each
-- finds what it refers to. Whoever adds a table says here whether it goes along; tests/db/go-live.test.ts knows the others.
create function carried_tables() returns table (place bigint, name text) language sql immutable as $$
  select ordinality, t from unnest(array[
    'picture', 'organisation', 'organisation_calendar', 'account', 'fund', 'fund_alias', 'fund_account', 'campaign', 'item',
    'variant', 'promise', 'sorting_rule', 'wording', 'auth.staff', 'auth.credential', 'auth.two_factor', 'auth.membership'
  ]) with ordinality as carried (t, ordinality)
$$;

-- All of it as one document. An account's id at Stripe stays behind: the keys of another mode may be another account's.
create function carried_settings() returns jsonb language plpgsql stable as $$
declare
  v_table record;
  v_rows jsonb;
  v_all jsonb := '{}';
begin
  for v_table in select c.name from carried_tables() c order by c.place loop
    execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from %s t', v_table.name) into v_rows;
    if v_table.name = 'account' then
      select jsonb_agg(jsonb_set(r, '{stripe_account_id}', 'null')) into v_rows from jsonb_array_elements(v_rows) r;
    end if;
    v_all := v_all || jsonb_build_object(v_table.name, coalesce(v_rows, '[]'));
  end loop;
  return v_all;
end $$;

-- Puts such a document into a database that has nothing yet, and fixes its mode. The owner's to call.
create function take_settings(p_staff jsonb, p_mode text, p_settings jsonb) returns void language plpgsql as $$
declare
  v_table record;
  v_identity text;
begin
  perform take_ledger_lock();
  if exists (select from organisation) or exists (select from account) or exists (select from payment)
    or exists (select from inbox) or exists (select from auth.staff) or exists (select from database_mode) then
    raise exception 'this database is not empty: going live needs one that has never been used' using errcode = 'check_violation';
  end if;
  perform require_mode(p_mode);
  for v_table in select c.name from carried_tables() c order by c.place loop
    execute format(
      'insert into %1$s overriding system value select * from jsonb_populate_recordset(null::%1$s, $1)', v_table.name
    ) using p_settings -> v_table.name;
    select a.attname into v_identity
    from pg_attribute a
    where a.attrelid = v_table.name::regclass and a.attidentity <> '';
    if found then
      execute format(
        'select setval(pg_get_serial_sequence(%L, %L), greatest((select max(%I) from %s), 1))',
        v_table.name, v_identity, v_identity, v_table.name
      );
    end if;
  end loop;
  perform record_change(
    p_staff, 'made', 'database', p_mode, null, jsonb_build_object('mode', p_mode, 'organisations', '[]'::jsonb)
  );
end $$;
