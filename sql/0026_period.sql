create function is_closed(p_organisation_id bigint, p_day date) returns boolean language sql stable as $$ select false $$;
create function first_open_day(p_organisation_id bigint, p_day date) returns date language sql stable as $$ select p_day $$;
alter table payment add column counted_on date;
