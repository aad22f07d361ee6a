-- Who may come in, and what each may do. The library that checks passwords and codes (better-auth) reads and writes the
-- tables staff, credential, session, challenge and two_factor; all that has a rule of ours is done by the functions below,
-- each in one call, with its line in the audit trail (record_change, 0020). Nothing here is about donors.

create schema auth;

-- Somebody who left keeps the name, for history, and loses address, password and every role.
create table auth.staff (
  id text primary key default replace(gen_random_uuid()::text, '-', ''),
  name text not null constraint staff_have_a_name check (name <> ''),
  email text not null constraint staff_email_is_taken unique
    constraint staff_email_is_lower_case check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  left_at timestamptz
);

-- A password as scrypt made it, with its salt and costs.
create table auth.credential (
  id text primary key default replace(gen_random_uuid()::text, '-', ''),
  staff_id text not null references auth.staff on delete cascade,
  account_id text not null,
  provider_id text not null default 'credential',
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_have_one_password unique (staff_id, provider_id)
);

create table auth.session (
  id text primary key default replace(gen_random_uuid()::text, '-', ''),
  staff_id text not null references auth.staff on delete cascade,
  token text not null constraint session_token_is_one_sessions unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index session_by_staff on auth.session (staff_id);

-- What stands between a right password and the code that must follow it.
create table auth.challenge (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index challenge_by_identifier on auth.challenge (identifier);

-- Secret and recovery codes are encrypted with a key that is not in the database.
create table auth.two_factor (
  id text primary key,
  staff_id text not null constraint staff_have_one_second_factor unique references auth.staff on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count bigint not null default 0,
  locked_until timestamptz
);

create table auth.membership (
  id bigint generated always as identity primary key,
  staff_id text not null references auth.staff on delete cascade,
  role text not null constraint a_role_is_one_of_four check (role in ('admin', 'treasurer', 'reviewer', 'board')),
  organisation_id bigint references public.organisation,
  fund_id bigint references public.fund,
  since timestamptz not null default now(),
  constraint a_role_is_held_once unique nulls not distinct (staff_id, role, organisation_id, fund_id),
  constraint a_role_for_a_fund_is_held_in_an_organisation check (fund_id is null or organisation_id is not null),
  constraint an_admin_is_not_for_one_fund check (role <> 'admin' or fund_id is null)
);
create index membership_by_organisation on auth.membership (organisation_id);
create index membership_by_fund on auth.membership (fund_id);

-- An address that works once: to set the service up, to join the staff, to set a new password. Only its hash is kept.
create table auth.link (
  hash bytea primary key,
  kind text not null constraint a_link_sets_up_joins_or_resets check (kind in ('set up', 'join', 'reset')),
  staff_id text references auth.staff on delete cascade,
  name text,
  email text,
  roles jsonb not null default '[]',
  clears_two_factor boolean not null default false,
  made_by jsonb not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index link_by_staff on auth.link (staff_id);

-- Until when the turns of an account or an address are used up; a key that is not here has all its turns.
create table auth.throttle (
  key text primary key,
  used_until timestamptz not null
);
create index throttle_by_age on auth.throttle (used_until);

-- Somebody must be able to let others in: the last who is admin for all organisations stays. One at a time, so that two
-- admins who remove each other at the same moment do not both succeed.
create function auth.last_admin_stays() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4173);
  if not exists (
    select from auth.membership m join auth.staff s on s.id = m.staff_id
    where m.role = 'admin' and m.organisation_id is null and s.left_at is null
  ) and exists (select from auth.staff where left_at is null) then
    raise exception 'the last admin for all organisations cannot be removed or lowered'
      using errcode = 'check_violation', constraint = 'last_admin_stays';
  end if;
  return null;
end $$;

create constraint trigger last_admin_stays after delete or update on auth.membership
  for each row when (old.role = 'admin' and old.organisation_id is null)
  execute function auth.last_admin_stays();

create constraint trigger last_admin_stays after delete or update of left_at on auth.staff
  for each row execute function auth.last_admin_stays();

-- A role as the audit trail writes it.
create function auth.role_in_words(p_role text, p_organisation bigint, p_fund bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'role', p_role,
    'organisation', (select slug from public.organisation where id = p_organisation),
    'fund', (select slug from public.fund where id = p_fund),
    'organisations', coalesce((select jsonb_agg(slug) from public.organisation where id = p_organisation), '[]')
  )
$$;

create function auth.memberships_of(p_staff text) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', m.id::text, 'role', m.role, 'organisationId', m.organisation_id::text, 'fundId', m.fund_id::text
  ) order by m.id), '[]')
  from auth.membership m where m.staff_id = p_staff
$$;

-- Whoever holds this session, if it still opens anything: not longer than it was made for, and for those who may keep money
-- not after half an hour in which nothing was asked with it.
create function use_session(p_token text) returns table (
  session_id text, staff_id text, name text, email text, two_factor boolean, memberships jsonb
) language plpgsql as $$
declare
  v_seen timestamptz;
begin
  select s.id, p.id, p.name, p.email, p.two_factor_enabled, auth.memberships_of(p.id), s.seen_at
  into session_id, staff_id, name, email, two_factor, memberships, v_seen
  from auth.session s join auth.staff p on p.id = s.staff_id
  where s.token = p_token and s.expires_at > now() and p.left_at is null;
  if not found then
    return;
  end if;
  if v_seen < now() - interval '30 minutes' and exists (
    select from auth.membership m where m.staff_id = use_session.staff_id and m.role in ('admin', 'treasurer')
  ) then
    delete from auth.session s where s.id = session_id;
    return;
  end if;
  -- Not at every request: a page and its figures would each write a row.
  if v_seen < now() - interval '1 minute' then
    update auth.session s set seen_at = now() where s.id = session_id;
  end if;
  return next;
end $$;

-- Takes a turn of each key in order: { key, most, seconds }, of which `most` may be taken at once and one more every
-- `seconds`. Answers after how many seconds to come again, 0 when the turn was taken; a key that refuses spares the rest.
create function take_turn(p_turns jsonb) returns bigint language plpgsql as $$
declare
  v_turn record;
  v_until timestamptz;
begin
  delete from auth.throttle t where t.key in (
    select key from auth.throttle where used_until < now() - interval '1 day' order by used_until limit 20
  );
  for v_turn in
    select t.key, t.most, t.seconds * interval '1 second' as pause
    from jsonb_to_recordset(p_turns) as t (key text, most bigint, seconds bigint)
  loop
    insert into auth.throttle as t (key, used_until) values (v_turn.key, now() + v_turn.pause)
    on conflict (key) do update set used_until = greatest(t.used_until, now()) + v_turn.pause
      where t.used_until <= now() + (v_turn.most - 1) * v_turn.pause;
    if not found then
      select used_until into v_until from auth.throttle where key = v_turn.key;
      return greatest(1, ceil(extract(epoch from v_until - now() - (v_turn.most - 1) * v_turn.pause)))::bigint;
    end if;
  end loop;
  return 0;
end $$;

create function give_turns_back(p_key text) returns void language sql as $$
  delete from auth.throttle where key = p_key
$$;

-- A session for somebody known by other means than a password: the demo's buttons.
create function open_session(p_staff text, p_token text, p_agent text) returns void language sql as $$
  insert into auth.session (staff_id, token, expires_at, user_agent)
  values (p_staff, p_token, now() + interval '12 hours', p_agent)
$$;

-- Ends sessions of one person, all but one where that is said, or one alone. Answers how many.
create function end_sessions(p_staff text, p_but text, p_only text) returns bigint language sql as $$
  with ended as (
    delete from auth.session
    where staff_id = p_staff and (p_but is null or id <> p_but) and (p_only is null or id = p_only)
    returning id
  )
  select count(*) from ended
$$;

-- A new address that works once; earlier ones for the same end stop working.
-- { hash (hex), kind, seconds, staffId?, name?, email?, roles?, clearsTwoFactor? }
create function make_link(p_by jsonb, p_link jsonb) returns void language plpgsql as $$
declare
  v_kind text := p_link ->> 'kind';
  v_role record;
begin
  if v_kind = 'join' and exists (select from auth.staff where email = p_link ->> 'email') then
    raise exception 'somebody on the staff has this address already' using errcode = 'check_violation',
      constraint = 'staff_email_is_taken';
  end if;
  delete from auth.link l
  where l.used_at is null and l.kind = v_kind
    and l.staff_id is not distinct from p_link ->> 'staffId' and l.email is not distinct from p_link ->> 'email';
  delete from auth.link l where l.expires_at < now() - interval '30 days';
  insert into auth.link (hash, kind, staff_id, name, email, roles, clears_two_factor, made_by, expires_at)
  values (
    decode(p_link ->> 'hash', 'hex'), v_kind, p_link ->> 'staffId', p_link ->> 'name', p_link ->> 'email',
    coalesce(p_link -> 'roles', '[]'), coalesce((p_link ->> 'clearsTwoFactor')::boolean, false), p_by,
    now() + (p_link ->> 'seconds')::bigint * interval '1 second'
  );
  if v_kind = 'reset' then
    perform record_change(p_by, 'made', 'reset link', p_link ->> 'staffId', null, jsonb_build_object(
      'clearsTwoFactor', coalesce((p_link ->> 'clearsTwoFactor')::boolean, false)
    ));
  end if;
  for v_role in
    select * from jsonb_to_recordset(coalesce(p_link -> 'roles', '[]'))
      as r (role text, "organisationId" bigint, "fundId" bigint)
  loop
    perform record_change(p_by, 'made', 'invitation', left(p_link ->> 'hash', 12), null,
      auth.role_in_words(v_role.role, v_role."organisationId", v_role."fundId"));
  end loop;
end $$;

-- What a link opens, without using it up; no row once it was used or is too old.
create function read_link(p_hash text, p_kind text) returns table (name text, email text, roles jsonb, clears_two_factor boolean)
language sql stable as $$
  select coalesce(l.name, s.name), coalesce(l.email, s.email), l.roles, l.clears_two_factor
  from auth.link l left join auth.staff s on s.id = l.staff_id
  where l.hash = decode(p_hash, 'hex') and l.kind = p_kind and l.used_at is null and l.expires_at > now()
$$;

-- Uses a link up. Whoever comes second at the same moment waits for the row and then finds it used.
create function auth.use_link(p_hash text, p_kind text) returns auth.link language plpgsql as $$
declare
  v_link auth.link;
begin
  update auth.link set used_at = now()
  where hash = decode(p_hash, 'hex') and kind = p_kind and used_at is null and expires_at > now()
  returning * into v_link;
  if v_link.hash is null then
    raise exception 'this link has been used or is too old' using errcode = 'no_data_found';
  end if;
  return v_link;
end $$;

create function auth.add_staff(p_name text, p_email text, p_password text) returns text language plpgsql as $$
declare
  v_id text;
begin
  insert into auth.staff (name, email) values (p_name, p_email) returning id into v_id;
  insert into auth.credential (staff_id, account_id, password) values (v_id, v_id, p_password);
  return v_id;
exception when unique_violation then
  raise exception 'somebody on the staff has this address already' using errcode = 'check_violation',
    constraint = 'staff_email_is_taken';
end $$;

create function staff_is_empty() returns boolean language sql stable as $$
  select not exists (select from auth.staff)
$$;

-- The first admin, by the set-up link: { hash, name, email, password (as scrypt made it) }. Two browsers may race, and two
-- services have each made a link: under the lock one of them finds nobody there.
create function make_first_admin(p_first jsonb) returns text language plpgsql as $$
declare
  v_id text;
begin
  perform pg_advisory_xact_lock(4174);
  perform auth.use_link(p_first ->> 'hash', 'set up');
  if not staff_is_empty() then
    raise exception 'somebody was faster: there is an admin already' using errcode = 'check_violation',
      constraint = 'first_admin_is_first';
  end if;
  v_id := auth.add_staff(p_first ->> 'name', p_first ->> 'email', p_first ->> 'password');
  insert into auth.membership (staff_id, role) values (v_id, 'admin');
  delete from auth.link where kind = 'set up' and used_at is null;
  perform record_change(jsonb_build_object('id', v_id, 'name', p_first ->> 'name'), 'joined', 'staff', v_id, null,
    auth.role_in_words('admin', null, null));
  return v_id;
end $$;

-- Joins the staff by an invitation: { hash, name, password }. The address and the roles are the invitation's.
create function join_staff(p_join jsonb) returns text language plpgsql as $$
declare
  v_link auth.link;
  v_id text;
  v_role record;
begin
  v_link := auth.use_link(p_join ->> 'hash', 'join');
  v_id := auth.add_staff(p_join ->> 'name', v_link.email, p_join ->> 'password');
  for v_role in
    select * from jsonb_to_recordset(v_link.roles) as r (role text, "organisationId" bigint, "fundId" bigint)
  loop
    insert into auth.membership (staff_id, role, organisation_id, fund_id)
    values (v_id, v_role.role, v_role."organisationId", v_role."fundId");
    perform record_change(v_link.made_by, 'joined', 'staff', v_id, null,
      auth.role_in_words(v_role.role, v_role."organisationId", v_role."fundId"));
  end loop;
  return v_id;
end $$;

-- A new password by a link: { hash, password }. Every session ends. Answers the address to sign in with.
create function reset_password(p_reset jsonb) returns text language plpgsql as $$
declare
  v_link auth.link;
  v_email text;
begin
  v_link := auth.use_link(p_reset ->> 'hash', 'reset');
  update auth.staff set updated_at = now() where id = v_link.staff_id and left_at is null returning email into v_email;
  if v_email is null then
    raise exception 'this link has been used or is too old' using errcode = 'no_data_found';
  end if;
  insert into auth.credential (staff_id, account_id, password)
  values (v_link.staff_id, v_link.staff_id, p_reset ->> 'password')
  on conflict (staff_id, provider_id) do update set password = excluded.password, updated_at = now();
  if v_link.clears_two_factor then
    delete from auth.two_factor where staff_id = v_link.staff_id;
    update auth.staff set two_factor_enabled = false where id = v_link.staff_id;
  end if;
  delete from auth.session where staff_id = v_link.staff_id;
  perform record_change(v_link.made_by, 'reset', 'password', v_link.staff_id, null,
    jsonb_build_object('clearedTwoFactor', v_link.clears_two_factor));
  return v_email;
end $$;

-- Gives somebody a role: { staffId, role, organisationId, fundId }. Whoever is signed in signs in anew.
create function give_role(p_by jsonb, p_role jsonb) returns void language plpgsql as $$
begin
  if not exists (select from auth.staff where id = p_role ->> 'staffId' and left_at is null) then
    raise exception 'nobody on the staff has this number' using errcode = 'no_data_found';
  end if;
  insert into auth.membership (staff_id, role, organisation_id, fund_id)
  values (
    p_role ->> 'staffId', p_role ->> 'role', (p_role ->> 'organisationId')::bigint, (p_role ->> 'fundId')::bigint
  )
  on conflict do nothing;
  if not found then
    return;
  end if;
  delete from auth.session where staff_id = p_role ->> 'staffId';
  -- Who could set a new password for the person before may not be who can now.
  delete from auth.link where staff_id = p_role ->> 'staffId' and kind = 'reset' and used_at is null;
  perform record_change(p_by, 'given', 'role', p_role ->> 'staffId', null, auth.role_in_words(
    p_role ->> 'role', (p_role ->> 'organisationId')::bigint, (p_role ->> 'fundId')::bigint
  ));
end $$;

create function take_role(p_by jsonb, p_membership bigint) returns void language plpgsql as $$
declare
  v_gone auth.membership;
begin
  delete from auth.membership where id = p_membership returning * into v_gone;
  if v_gone.id is null then
    raise exception 'nobody holds this role any more' using errcode = 'no_data_found';
  end if;
  delete from auth.session where staff_id = v_gone.staff_id;
  -- Nobody comes in by the word of somebody who may not give it any more.
  delete from auth.link where made_by ->> 'id' = v_gone.staff_id and used_at is null;
  perform record_change(p_by, 'taken', 'role', v_gone.staff_id,
    auth.role_in_words(v_gone.role, v_gone.organisation_id, v_gone.fund_id), null);
end $$;

-- Takes somebody off the staff: no role, no session, no password, no address; the name stays beside what was done.
create function remove_staff(p_by jsonb, p_staff text) returns void language plpgsql as $$
declare
  v_before jsonb;
begin
  perform 1 from auth.staff where id = p_staff and left_at is null for update;
  if not found then
    raise exception 'nobody on the staff has this number' using errcode = 'no_data_found';
  end if;
  select jsonb_build_object(
    'roles', coalesce(jsonb_agg(auth.role_in_words(m.role, m.organisation_id, m.fund_id) - 'organisations' order by m.id), '[]'),
    'organisations', coalesce(jsonb_agg(distinct o.slug) filter (where o.slug is not null), '[]')
  ) into v_before
  from auth.membership m left join public.organisation o on o.id = m.organisation_id
  where m.staff_id = p_staff;
  delete from auth.membership where staff_id = p_staff;
  delete from auth.session where staff_id = p_staff;
  delete from auth.credential where staff_id = p_staff;
  delete from auth.two_factor where staff_id = p_staff;
  delete from auth.link where (staff_id = p_staff or made_by ->> 'id' = p_staff) and used_at is null;
  update auth.staff
  set left_at = now(), updated_at = now(), two_factor_enabled = false, email = 'left:' || id
  where id = p_staff;
  perform record_change(p_by, 'removed', 'staff', p_staff, v_before, null);
end $$;

-- The demo's people, who sign in by a button and have no password.
create function make_demo_staff(p_people jsonb) returns void language plpgsql as $$
begin
  insert into auth.staff (id, name, email)
  select p.id, p.name, p.id || '@demo.invalid' from jsonb_to_recordset(p_people) as p (id text, name text, role text)
  on conflict do nothing;
  insert into auth.membership (staff_id, role)
  select p.id, p.role from jsonb_to_recordset(p_people) as p (id text, name text, role text)
  on conflict do nothing;
end $$;
