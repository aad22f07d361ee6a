-- Who takes part: organisations, their Stripe accounts, and the funds that people give to.
-- Slugs are what addresses, metadata and set-up files say; numbers are for joins.

create domain slug as text
  constraint a_slug_is_lower_case_words_joined_by_hyphens check (value ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(value) <= 60);

create domain currency_code as text
  constraint a_currency_is_three_capital_letters check (value ~ '^[A-Z]{3}$');

create domain minor_units as bigint;

create table database_mode (
  only_row boolean primary key default true constraint a_database_has_one_mode check (only_row),
  mode text not null constraint a_mode_is_sandbox_test_or_live check (mode in ('sandbox', 'test', 'live')),
  fixed_at timestamptz not null default now()
);

create function mode_never_changes() returns trigger language plpgsql as $$
begin
  raise exception 'this database holds % payments and stays so', old.mode using errcode = 'check_violation';
end $$;

create trigger mode_never_changes before update or delete on database_mode
  for each row execute function mode_never_changes();

create table organisation (
  id bigint generated always as identity primary key,
  slug slug not null constraint organisation_slug_is_taken unique,
  name text not null,
  legal_name text not null,
  address text not null,
  contact text not null,
  currency currency_code not null default 'CAD',
  time_zone text not null default 'America/Toronto',
  position bigint not null default 0
);

create function time_zone_must_exist() returns trigger language plpgsql as $$
begin
  if not exists (select from pg_timezone_names where name = new.time_zone) then
    raise exception 'time zone % is not known', new.time_zone using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger time_zone_must_exist before insert or update of time_zone on organisation
  for each row execute function time_zone_must_exist();

-- The first account is the one with the least position, then the least id; /webhooks/stripe is its door.
create table account (
  id bigint generated always as identity primary key,
  slug slug not null constraint account_slug_is_taken unique,
  organisation_id bigint references organisation,
  stripe_account_id text,
  settles_in text[] not null default '{}',
  position bigint not null default 0
);
create index account_by_organisation on account (organisation_id);

create table fund (
  id bigint generated always as identity primary key,
  slug slug not null constraint fund_slug_is_taken unique,
  name text not null,
  description text not null default '',
  remark text,
  is_public boolean not null default true,
  bears_fees boolean not null default true,
  general_of bigint references organisation constraint an_organisation_has_one_general_fund unique,
  currency currency_code not null default 'CAD',
  presets_minor jsonb not null default '[]',
  archived_on date,
  position bigint not null default 0
);

-- A slug that means another fund since a day: the new name of a renamed fund's old slug, or the fund it was merged into.
-- What was paid before keeps its fund.
create table fund_alias (
  slug slug not null,
  since date not null,
  fund_id bigint not null references fund,
  primary key (slug, since)
);
create index fund_alias_by_fund on fund_alias (fund_id);

-- The accounts through which a fund may be given to; the one that receives online gifts has the least position.
create table fund_account (
  fund_id bigint not null references fund,
  account_id bigint not null references account,
  position bigint not null default 0,
  primary key (fund_id, account_id)
);
create index fund_account_by_account on fund_account (account_id);

create table campaign (
  id bigint generated always as identity primary key,
  slug slug not null constraint campaign_slug_is_taken unique,
  fund_id bigint not null references fund,
  account_id bigint not null references account,
  kind text not null constraint a_campaign_sells_merchandise check (kind in ('merchandise')),
  name text not null,
  description text not null default '',
  remark text,
  currency currency_code not null default 'CAD',
  starts_on date,
  ends_on date,
  shipping_minor minor_units constraint shipping_is_not_negative check (shipping_minor >= 0),
  position bigint not null default 0,
  constraint a_campaign_ends_after_it_starts check (ends_on >= starts_on)
);
create index campaign_by_fund on campaign (fund_id);
create index campaign_by_account on campaign (account_id);

create table item (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaign,
  slug slug not null,
  name text not null,
  description text not null default '',
  position bigint not null default 0,
  constraint item_slug_is_taken_in_this_campaign unique (campaign_id, slug)
);

-- An item without choices has one variant with an empty name.
create table variant (
  id bigint generated always as identity primary key,
  item_id bigint not null references item,
  slug slug not null,
  name text not null default '',
  price_minor minor_units not null constraint a_price_is_not_negative check (price_minor >= 0),
  position bigint not null default 0,
  constraint variant_slug_is_taken_in_this_item unique (item_id, slug)
);

-- What a campaign says becomes of a sale. The rule in force when something was sold is the one that counts.
create table promise (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaign,
  version bigint not null constraint promise_versions_count_from_one check (version >= 1),
  in_force_from date not null,
  basis text not null constraint a_promise_has_a_known_basis
    check (basis in ('gross', 'net of processing', 'net of processing and goods', 'fixed a unit')),
  rate_bp bigint not null default 10000 constraint a_rate_is_at_most_all_of_it check (rate_bp between 0 and 10000),
  wording text not null,
  worded_minor minor_units,
  constraint promise_version_is_taken unique (campaign_id, version)
);

-- How charges without an order of ours are sorted: the first rule (by position, id) whose description matches.
create table sorting_rule (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  description text not null,
  becomes text not null constraint a_charge_becomes_a_gift_or_other_income_or_not_ours
    check (becomes in ('gift', 'other income', 'not ours')),
  fund_id bigint references fund,
  position bigint not null default 0,
  constraint only_a_gift_has_a_fund check (becomes = 'gift' or fund_id is null),
  constraint sorting_rule_is_stated_once unique (account_id, description)
);
create index sorting_rule_by_fund on sorting_rule (fund_id);
