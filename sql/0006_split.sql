-- Splitting money: parts always sum to the whole.

-- Splits a total in proportion to weights by largest remainder, ties to the earlier part; without any weight everything
-- falls to the first part. core/money.ts splitByWeight is its twin.
create function split_by_weight(p_total bigint, p_weights bigint[]) returns bigint[]
language sql immutable strict parallel safe as $$
  with weight as (
    select n, w, sum(w) over () as whole
    from unnest(p_weights) with ordinality as u (w, n)
  ), share as (
    select n,
      case when whole = 0 then case when n = 1 then abs(p_total::numeric) else 0 end else div(abs(p_total::numeric) * w, whole) end as floor,
      case when whole = 0 then 0 else mod(abs(p_total::numeric) * w, whole) end as remainder
    from weight
  ), ranked as (
    select n, floor, row_number() over (order by remainder desc, n) as place, abs(p_total::numeric) - sum(floor) over () as remaining
    from share
  )
  select array_agg((sign(p_total) * (floor + case when place <= remaining then 1 else 0 end))::bigint order by n) from ranked
$$;

-- Splits returns, in their order, each over what the ones before left of the parts; a negative one (money that came back)
-- over what they took. What exceeds the whole payment is split like the payment itself. Answers one row a return and
-- part, both counted from 1.
create function split_returns(p_parts bigint[], p_returns bigint[])
returns table (return_number bigint, part_number bigint, amount_minor bigint)
language plpgsql immutable strict parallel safe as $$
declare
  v_left bigint[] := p_parts;
  v_sum bigint := (select coalesce(sum(u), 0) from unnest(p_parts) u);
  v_whole bigint := v_sum;
  v_covered bigint;
  v_shares bigint[];
  v_over bigint[];
begin
  for r in 1 .. cardinality(p_returns) loop
    if p_returns[r] >= 0 then
      v_covered := least(p_returns[r], v_sum);
      v_shares := split_by_weight(v_covered, v_left);
    else
      v_covered := greatest(p_returns[r], v_sum - v_whole);
      v_shares := split_by_weight(v_covered, array(select p - l from unnest(p_parts, v_left) with ordinality u (p, l, n) order by n));
    end if;
    v_over := split_by_weight(p_returns[r] - v_covered, p_parts);
    for p in 1 .. cardinality(p_parts) loop
      v_left[p] := v_left[p] - v_shares[p];
      return_number := r;
      part_number := p;
      amount_minor := v_shares[p] + v_over[p];
      return next;
    end loop;
    v_sum := v_sum - v_covered;
  end loop;
end $$;

-- The local day of a moment in an organisation's zone; the only place where a moment becomes a day.
create function local_day(p_at timestamptz, p_zone text) returns date language sql stable strict parallel safe as $$
  select (p_at at time zone p_zone)::date
$$;

-- The first day of a day's month.
create function month_of(p_day date) returns date language sql immutable strict parallel safe as $$
  select date_trunc('month', p_day::timestamp)::date
$$;

-- Orders of our own Checkout (core/order.ts ourOrder is its twin).
create function order_is_ours(p_order text) returns boolean language sql immutable parallel safe as $$
  select coalesce(p_order ~ '^alm_[0-9a-z]{16,40}$', false)
$$;

-- A name as a public page may print it: first name and initial ("Leyla M."); one word alone stays as it is.
create function public_name(p_name text) returns text language sql immutable strict parallel safe as $$
  select case
    when cardinality(words) >= 2 then left(words[1], 40) || ' ' || upper(left(words[cardinality(words)], 1)) || '.'
    when cardinality(words) = 1 and words[1] <> '' then left(words[1], 40)
  end
  from (select regexp_split_to_array(trim(p_name), '\s+') as words) w
$$;
