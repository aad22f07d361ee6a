import type { AskedPlace, BoardAnswers, BoardAsked, ComparedAnswer, Span } from "../src/core/board.ts";
import { exponent } from "../src/core/money.ts";
import type { Sql } from "../src/db/connect.ts";

// The board counted by hand, one row after the other, straight from gifts, sales, returns and lines of the journal. It knows
// nothing of totals, chain and folds.

type Where = { organisation: bigint | null; fund: bigint | null; campaign: bigint | null };
type Gift = Where & {
  account: bigint | null;
  subscription: string | null;
  payment: bigint;
  person: bigint | null;
  day: string;
  currency: string;
  amount: bigint | null;
  returned: bigint;
  isGone: boolean;
};
type Sale = Where & {
  payment: bigint;
  person: bigint | null;
  day: string;
  currency: string;
  amount: bigint | null;
  isGone: boolean;
  isShipping: boolean;
  quantity: bigint;
  item: string;
  variant: string;
};
type Return = Where & { day: string; currency: string; amount: bigint | null };
type Line = Where & { code: string; kind: string; day: string; currency: string; amount: bigint };
type Subscription = {
  account: bigint;
  id: string;
  status: string;
  currency: string | null;
  amount: bigint | null;
  every: string | null;
  began: string;
  ended: string | null;
  cancels: string | null;
  fails: boolean;
};
type Dispute = { payment: bigint; currency: string; amount: bigint };
type Calendar = { organisation: bigint; since: string; month: number };
type Fund = { id: bigint; slug: string; name: string; restricted: boolean };
type Campaign = { id: bigint; slug: string; fund: bigint; organisation: bigint };

/** Every row that the board could be counted from. */
export type Rows = {
  gifts: Gift[];
  sales: Sale[];
  returns: Return[];
  lines: Line[];
  subscriptions: Subscription[];
  disputes: Dispute[];
  calendars: Calendar[];
  first: bigint;
  funds: Fund[];
  campaigns: Campaign[];
  waiting: bigint[];
};

export async function readRows(sql: Sql): Promise<Rows> {
  const [
    gifts,
    sales,
    returns,
    lines,
    subscriptions,
    disputed,
    calendars,
    organisations,
    allFunds,
    campaigns,
    waiting,
  ] = await Promise.all([
    sql<Gift[]>`
        select g.organisation_id as organisation, g.fund_id as fund, g.campaign_id as campaign, g.account_id as account,
          g.subscription, g.payment_id as payment, i.person_id as person, g.counted_on as day, g.currency,
          g.amount_minor as amount, g.returned_minor as returned, g.wholly_returned as "isGone"
        from gift g left join identity i on i.id = g.identity_id order by g.payment_id, g.part`,
    sql<Sale[]>`
        select s.organisation_id as organisation, s.fund_id as fund, s.campaign_id as campaign, s.payment_id as payment, i.person_id as person,
          s.counted_on as day, s.currency, s.amount_minor as amount, s.wholly_returned as "isGone",
          s.is_shipping as "isShipping", s.quantity, coalesce(t.name, '') as item, coalesce(v.name, '') as variant
        from sale s left join identity i on i.id = s.identity_id left join item t on t.id = s.item_id
        left join variant v on v.id = s.variant_id`,
    sql<Return[]>`
        select organisation_id as organisation, fund_id as fund, campaign_id as campaign, counted_on as day, currency,
          amount_minor as amount
        from return_part where not is_sale`,
    sql<Line[]>`
        select e.organisation_id as organisation, l.fund_id as fund, l.campaign_id as campaign, l.code::text as code, b.kind,
          e.entered_on as day, l.currency::text as currency, l.amount_minor as amount
        from journal_line l join journal_entry e on e.id = l.entry_id join book_account b on b.code = l.code`,
    sql<Subscription[]>`
        select s.account_id as account, s.id, s.status, s.currency, s.amount_minor as amount, s.every,
          (s.created at time zone 'America/Toronto')::date as began, (s.ended_at at time zone 'America/Toronto')::date as ended,
          (s.cancel_at at time zone 'America/Toronto')::date as cancels, exists (
            select from stripe_invoice i where i.subscription = s.id and i.status = 'open'
          ) as fails
        from stripe_subscription s`,
    sql<Dispute[]>`
        select p.id as payment, d.currency::text as currency, d.amount_minor as amount
        from stripe_dispute d join payment p on p.account_id = d.account_id and p.key = d.payment_intent`,
    sql<Calendar[]>`
        select organisation_id as organisation, since, fiscal_year_start::int as month from organisation_calendar order by since desc`,
    sql<{ id: bigint }[]>`select id from organisation order by position, id`,
    sql<Fund[]>`select id, slug::text as slug, name, restriction <> '' as restricted from fund order by id`,
    sql<Campaign[]>`
        select c.id, c.slug::text as slug, c.fund_id as fund, a.organisation_id as organisation
        from campaign c join account a on a.id = c.account_id`,
    sql<{ id: bigint }[]>`select payment_id as id from awaiting_fee`,
  ]);
  return {
    gifts: [...gifts],
    sales: [...sales],
    returns: [...returns],
    lines: [...lines],
    subscriptions: [...subscriptions],
    disputes: [...disputed],
    calendars: [...calendars],
    first: organisations[0]?.id ?? 0n,
    funds: [...allFunds],
    campaigns: [...campaigns],
    waiting: waiting.map(({ id }) => id),
  };
}

/** The figures that twin and board are compared by, but for those of Stripe and of closing. */
export type Twin = Omit<BoardAnswers, "trust" | "merchandise"> & {
  trust: Pick<BoardAnswers["trust"], "disputes" | "unassigned" | "feesUnknown" | "suspenseMinor">;
  merchandise: { slug: string; unitsSold: number; grossMinor: number; shippingMinor: number; items: object[] }[];
  all: {
    givenMinor: bigint;
    returnedMinor: bigint;
    gifts: number;
    donors: number;
    supporters: number;
    unnamedGifts: number;
  };
  months: { month: string; givenMinor: bigint; returnedMinor: bigint }[];
  compared: ComparedAnswer | null;
};

/** The board of these rows. */
export function twin(rows: Rows, asked: BoardAsked): Twin {
  const { place, period, currency, today } = asked;
  const gifts = rows.gifts.filter((gift) => isIn(gift, place));
  const sales = rows.sales.filter((sale) => isIn(sale, place));
  const lines = rows.lines.filter((line) => isIn(line, place) && line.currency === currency);
  const here = { gifts, sales, returns: rows.returns.filter((one) => isIn(one, place)), lines };
  const donors = (from: string | null, to: string | null): Set<bigint> => donorsOf(gifts, from, to);
  const inPeriod = gifts.filter(({ day }) => within(day, period.from, period.to));
  const stand = inPeriod.filter(({ isGone }) => !isGone);
  const isJoint = place.campaignId === null && (place.fundId === 1n || place.fundId === 2n);
  const end = period.to === null || period.to > today ? today : period.to;
  const calendar =
    place.fundId === null && place.campaignId === null && place.organisationId !== null
      ? place.organisationId
      : rows.first;
  const years = fiscalYears(rows.calendars, calendar);
  return {
    all: {
      ...sums(here, period.from, period.to, currency),
      gifts: stand.length,
      donors: donors(period.from, period.to).size,
      unnamedGifts: stand.filter(({ person }) => person === null).length,
      supporters: new Set([...donors(period.from, period.to), ...donorsOf(sales, period.from, period.to)]).size,
    },
    months: monthsOf(here, period.from, period.to, currency),
    people: people(donors, asked),
    size: size(
      stand.flatMap((gift) => (gift.currency === currency && gift.amount !== null ? [gift.amount] : [])),
      currency,
    ),
    concentration: concentration(gifts, years, asked),
    cohorts: cohorts(gifts, years, today),
    plans: plans(rows, asked, end),
    cost: place.campaignId !== null || isJoint ? null : cost(here, asked),
    spendable: place.campaignId === null ? spendable(rows.funds, lines, end) : null,
    merchandise: merchandise(rows, asked),
    joint: isJoint ? joint(rows, asked) : null,
    trust: {
      disputes: disputes(rows, asked),
      unassigned: unassigned(rows, asked),
      feesUnknown: gifts.filter(({ payment }) => rows.waiting.includes(payment)).length,
      suspenseMinor: 0,
    },
    donorMonths: donorMonths(gifts, period.from, period.to),
    days: days(here, asked, end),
    compared: asked.compared === null ? null : compared(rows, asked, asked.compared),
  };
}

type Here = Pick<Rows, "gifts" | "sales" | "returns" | "lines">;

function isIn(row: Where, { organisationId, fundId, campaignId }: AskedPlace): boolean {
  if (campaignId !== null) return row.campaign === campaignId;
  if (fundId !== null) return row.fund === fundId;
  return organisationId === null || row.organisation === organisationId;
}

function within(day: string, from: string | null, to: string | null): boolean {
  return (from === null || day >= from) && (to === null || day <= to);
}

const sum = (amounts: (bigint | null)[]): bigint => amounts.reduce<bigint>((all, one) => all + (one ?? 0n), 0n);

function sums(here: Here, from: string | null, to: string | null, currency: string) {
  const of = (rows: (Gift | Return)[]): bigint =>
    sum(rows.filter((row) => row.currency === currency && within(row.day, from, to)).map(({ amount }) => amount));
  return { givenMinor: of(here.gifts), returnedMinor: of(here.returns) };
}

function donorsOf(rows: (Gift | Sale)[], from: string | null, to: string | null): Set<bigint> {
  return new Set(
    rows.flatMap(({ person, isGone, day }) => (person !== null && !isGone && within(day, from, to) ? [person] : [])),
  );
}

function monthsOf(here: Here, from: string | null, to: string | null, currency: string): Twin["months"] {
  const days = [...here.gifts, ...here.returns].map(({ day }) => day).filter((day) => within(day, from, to));
  const months = [...new Set(days.map((day) => day.slice(0, 7)))].sort();
  return months
    .map((month) => {
      const of = (rows: (Gift | Return)[]) =>
        sum(
          rows
            .filter((row) => row.currency === currency && row.day.startsWith(month) && within(row.day, from, to))
            .map(({ amount }) => amount),
        );
      return { month, givenMinor: of(here.gifts), returnedMinor: of(here.returns) };
    })
    .filter(({ givenMinor, returnedMinor }) => givenMinor !== 0n || returnedMinor !== 0n);
}

const both = <Item>(one: Set<Item>, other: Set<Item>): Item[] => [...one].filter((each) => other.has(each));
const without = <Item>(one: Set<Item>, other: Set<Item>): Item[] => [...one].filter((each) => !other.has(each));

type Donors = (from: string | null, to: string | null) => Set<bigint>;

function people(donors: Donors, { period, before, samePoint }: BoardAsked): BoardAnswers["people"] {
  const own = donors(period.from, period.to);
  const earlier = period.from === null ? new Set<bigint>() : donors(null, previousDay(period.from));
  const newDonors = without(own, earlier).length;
  if (before === null) return { donors: own.size, newDonors, before: null };
  const last = donors(before.from, before.to);
  const long = donors(null, previousDay(before.from));
  return {
    donors: own.size,
    newDonors,
    before: {
      ...before,
      donors: last.size,
      returning: both(own, last).length,
      regained: without(own, last).filter((person) => long.has(person)).length,
      lapsed: without(last, own).length,
      samePoint:
        samePoint === null || long.size === 0
          ? null
          : {
              donors: donors(samePoint.before.from, samePoint.before.to).size,
              returning: both(
                donors(samePoint.before.from, samePoint.before.to),
                donors(samePoint.period.from, samePoint.period.to),
              ).length,
            },
    },
  };
}

function size(amounts: bigint[], currency: string): BoardAnswers["size"] {
  const sorted = amounts.toSorted((a, b) => Number(a - b));
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  const unit = 10 ** exponent(currency);
  const whole = [0, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000].map((bound) => bound * unit);
  const bars = whole.map((fromMinor, index) => {
    const toMinor = whole[index + 1] ?? null;
    const inside = sorted.filter((amount) => amount >= fromMinor && (toMinor === null || amount < toMinor));
    return { fromMinor, toMinor, gifts: inside.length };
  });
  while (bars[0]?.gifts === 0) bars.shift();
  while (bars.at(-1)?.gifts === 0) bars.pop();
  return {
    gifts: sorted.length,
    medianMinor: sorted.length === 0 ? null : halfUp(sum(middle.map((one) => one ?? 0n)), 2n),
    averageMinor: sorted.length === 0 ? null : halfUp(sum(sorted), BigInt(sorted.length)),
    histogram: bars,
  };
}

const halfUp = (amount: bigint, by: bigint): number => Number((2n * amount + by) / (2n * by));

/** The first days of fiscal years around the history: of months that begin one by the calendar in force on their first day. */
function fiscalYears(calendars: Calendar[], organisation: bigint): string[] {
  const years: string[] = [];
  for (let year = 2015; year < 2027; year += 1)
    for (let month = 1; month <= 12; month += 1) {
      const day = `${year}-${String(month).padStart(2, "0")}-01`;
      const rule = calendars.find((one) => one.organisation === organisation && one.since <= day);
      if ((rule?.month ?? 1) === month) years.push(day);
    }
  return years;
}

const yearOf = (years: string[], day: string): string => years.findLast((year) => year <= day) ?? "";

function concentration(gifts: Gift[], years: string[], asked: BoardAsked): BoardAnswers["concentration"] {
  const { period, currency, today } = asked;
  const next = period.from === null ? undefined : years.find((year) => year > (period.from ?? ""));
  const isAllTime = period.from === null && (period.to === null || period.to >= today);
  const isYear =
    period.from !== null &&
    years.includes(period.from) &&
    next !== undefined &&
    period.to !== null &&
    period.to < next &&
    (period.to >= today || period.to === previousDay(next));
  if (!isAllTime && !isYear) return null;
  const stayed = new Map<bigint, bigint>();
  let all = 0n;
  for (const gift of gifts) {
    if (gift.currency !== currency || gift.isGone || gift.amount === null) continue;
    if (isYear && yearOf(years, gift.day) !== period.from) continue;
    const left = gift.amount > gift.returned ? gift.amount - gift.returned : 0n;
    all += left;
    if (gift.person !== null) stayed.set(gift.person, (stayed.get(gift.person) ?? 0n) + left);
  }
  const most = [...stayed.values()].filter((minor) => minor > 0n).sort((a, b) => Number(b - a));
  const top = (count: 1 | 5 | 10) => ({ people: count, minor: Number(sum(most.slice(0, count))) });
  return { stayedMinor: Number(all), people: most.length, top: [top(1), top(5), top(10)] };
}

function cohorts(gifts: Gift[], years: string[], today: string): BoardAnswers["cohorts"] {
  const given = new Map<bigint, Set<string>>();
  for (const { person, isGone, day } of gifts) {
    if (person === null || isGone) continue;
    given.set(person, (given.get(person) ?? new Set()).add(yearOf(years, day)));
  }
  const firsts = [...given.values()].map((own) => [...own].sort()[0] ?? "");
  const last = [yearOf(years, today), ...firsts].sort().at(-1) ?? "";
  return [...new Set(firsts)].sort().map((from) => {
    const own = [...given.values()].filter((active) => [...active].sort()[0] === from);
    return {
      from,
      people: own.length,
      active: years
        .filter((year) => year >= from && year <= last)
        .map((year) => own.filter((active) => active.has(year)).length),
    };
  });
}

function plans(rows: Rows, { place, period, currency }: BoardAsked, end: string): BoardAnswers["plans"] {
  const own = rows.subscriptions.flatMap((one) => {
    const gift = rows.gifts
      .filter(({ subscription, account }) => subscription === one.id && account === one.account)
      .sort((a, b) => (a.day === b.day ? Number(a.payment - b.payment) : a.day < b.day ? -1 : 1))
      .at(-1);
    if (gift === undefined || one.status.startsWith("incomplete") || !isIn(gift, place)) return [];
    if ((one.currency ?? gift.currency) !== currency) return [];
    const over = one.ended ?? (one.status === "canceled" ? (one.cancels ?? gift.day) : null);
    return [{ ...one, over, monthly: monthly(one) }];
  });
  const running = (day: string) => own.filter(({ began, over }) => began <= day && (over === null || over > day));
  return {
    active: running(end).length,
    baseMinor: running(end).reduce((all, one) => all + one.monthly, 0),
    began: own.filter(({ began }) => within(began, period.from, end)).length,
    ended: own.filter(({ over }) => over !== null && within(over, period.from, end)).length,
    activeAtStart: period.from === null ? null : running(previousDay(period.from)).length,
    failing: own.filter(({ over, fails }) => over === null && fails).length,
  };
}

function monthly({ amount, every }: Subscription): number {
  if (amount === null || every === null) return 0;
  const [count, unit] = every.includes(" ") ? every.split(" ") : ["1", every];
  const times = { month: 12n, year: 1n, week: 52n, day: 365n }[unit ?? ""] ?? 0n;
  return halfUp(amount * times, 12n * BigInt(count ?? 1));
}

function cost(here: Here, { period, currency }: BoardAsked): BoardAnswers["cost"] {
  const lines = here.lines.filter(({ day }) => within(day, period.from, period.to));
  const of = (...codes: string[]) => sum(lines.filter(({ code }) => codes.includes(code)).map(({ amount }) => amount));
  const { givenMinor, returnedMinor } = sums(here, period.from, period.to, currency);
  const names = { "5000": "Processing fees", "5010": "Dispute fees", "5020": "Processing fees of sales" };
  return {
    revenueMinor: Number(givenMinor - returnedMinor - of("4100", "4190", "1115")),
    costMinor: Number(of("5000", "5010", "5020", "5100", "6910")),
    costs: Object.entries(names)
      .map(([code, name]) => ({ code, name, minor: Number(of(code)) }))
      .filter(({ minor }) => minor !== 0),
  };
}

function spendable(funds: Fund[], lines: Line[], asOf: string): BoardAnswers["spendable"] {
  const nobody = { id: null, slug: null, name: null, restricted: false };
  const stands = [...funds, nobody]
    .map((fund) => ({
      fund,
      minor: Number(
        sum(
          lines
            .filter(
              ({ day, code, kind }) => day <= asOf && ["asset", "liability"].includes(kind) && !code.startsWith("111"),
            )
            .filter((line) => line.fund === fund.id)
            .map(({ amount }) => amount),
        ),
      ),
    }))
    .filter(({ minor }) => minor !== 0);
  const of = (is: (fund: Fund | typeof nobody) => boolean): number =>
    stands.filter(({ fund }) => is(fund)).reduce((all, { minor }) => all + minor, 0);
  return {
    asOf,
    freeMinor: of(({ id, restricted }) => id !== null && !restricted),
    restrictedMinor: of(({ restricted }) => restricted),
    waitingMinor: of(({ id }) => id === null),
    funds: stands.map(({ fund: { slug, name, restricted }, minor }) => ({ slug, name, restricted, minor })),
  };
}

function merchandise(rows: Rows, { place, period, currency }: BoardAsked): Twin["merchandise"] {
  return rows.campaigns
    .filter(({ id, fund, organisation }) => isIn({ campaign: id, fund, organisation }, place))
    .flatMap(({ id, slug }) => {
      const sold = rows.sales.filter(
        (sale) => sale.campaign === id && sale.currency === currency && within(sale.day, period.from, period.to),
      );
      const goods = sold.filter(({ isShipping }) => !isShipping);
      const unitsSold = Number(sum(goods.map(({ quantity }) => quantity)));
      const grossMinor = Number(sum(goods.map(({ amount }) => amount)));
      const shippingMinor = Number(sum(sold.filter(({ isShipping }) => isShipping).map(({ amount }) => amount)));
      // Every shop of the histories sells one thing.
      const items = goods.length === 0 ? [] : [{ item: "Pin", variant: "", units: unitsSold, soldMinor: grossMinor }];
      return sold.length === 0 || currency !== "CAD" ? [] : [{ slug, unitsSold, grossMinor, shippingMinor, items }];
    });
}

function joint(rows: Rows, { place, period, currency }: BoardAsked): BoardAnswers["joint"] {
  const organisations = [rows.first, 3n - rows.first].map((organisation) => {
    const own = (row: Where) => row.fund === place.fundId && row.organisation === organisation;
    const here = { ...rows, gifts: rows.gifts.filter(own), returns: rows.returns.filter(own) };
    const { givenMinor, returnedMinor } = sums(here, period.from, period.to, currency);
    return {
      slug: `organisation-${organisation}`,
      name: "One",
      givenMinor: Number(givenMinor),
      returnedMinor: Number(returnedMinor),
      raisedMinor: Number(givenMinor - returnedMinor),
    };
  });
  return { organisations, owed: [] };
}

function unassigned(rows: Rows, { place, currency }: BoardAsked): BoardAnswers["trust"]["unassigned"] {
  if (place.fundId !== null || place.campaignId !== null) return { gifts: 0, minor: 0 };
  const own = (row: Where) => row.fund === null && isIn(row, place);
  const { givenMinor, returnedMinor } = sums(
    { ...rows, gifts: rows.gifts.filter(own), returns: rows.returns.filter(own) },
    null,
    null,
    currency,
  );
  return {
    gifts: rows.gifts.filter((gift) => own(gift) && !gift.isGone).length,
    minor: Number(givenMinor - returnedMinor),
  };
}

/** None of the disputes of a history is decided. */
function disputes(rows: Rows, { place, currency }: BoardAsked): BoardAnswers["trust"]["disputes"] {
  const own = new Set([...rows.gifts, ...rows.sales].filter((row) => isIn(row, place)).map(({ payment }) => payment));
  const open = rows.disputes.filter(({ payment }) => own.has(payment));
  return {
    open: open.length,
    minor: Number(sum(open.filter((one) => one.currency === currency).map(({ amount }) => amount))),
  };
}

function donorMonths(gifts: Gift[], from: string | null, to: string | null): BoardAnswers["donorMonths"] {
  const stand = gifts.filter(({ person, isGone }) => person !== null && !isGone);
  const inside = stand.filter(({ day }) => within(day, from, to));
  return [...new Set(inside.map(({ day }) => day.slice(0, 7)))].sort().map((month) => {
    const own = new Set(inside.filter(({ day }) => day.startsWith(month)).map(({ person }) => person));
    const start = from !== null && from.startsWith(month) ? from : `${month}-01`;
    const known = new Set(stand.filter(({ day }) => day < start).map(({ person }) => person));
    const returningDonors = both(own, known).length;
    return { month, newDonors: own.size - returningDonors, returningDonors };
  });
}

function days(here: Here, { period, currency }: BoardAsked, end: string): BoardAnswers["days"] {
  const earliest = addDays(end, -399);
  const start = period.from === null || period.from < earliest ? earliest : period.from;
  const all = new Set([...here.gifts, ...here.returns].map(({ day }) => day).filter((day) => within(day, start, end)));
  return [...all]
    .sort()
    .map((day) => {
      const { givenMinor, returnedMinor } = sums(here, day, day, currency);
      return { day, givenMinor: Number(givenMinor), returnedMinor: Number(returnedMinor) };
    })
    .filter(({ givenMinor, returnedMinor }) => givenMinor !== 0 || returnedMinor !== 0);
}

function compared(rows: Rows, asked: BoardAsked, other: NonNullable<BoardAsked["compared"]>): ComparedAnswer {
  const span = { from: other.from, to: other.to };
  const length = Math.max(daysBetween(span), daysBetween(other.own));
  const grain = length <= 400 ? "day" : "month";
  return {
    with: other.with,
    ...side(rows, other.place, span, asked.currency),
    own: side(rows, asked.place, other.own, asked.currency),
    cumulative: {
      grain,
      own: cumulative(rows, asked.place, other.own, asked.currency, grain),
      compared: cumulative(rows, other.place, span, asked.currency, grain),
    },
  };
}

function side(rows: Rows, place: AskedPlace, { from, to }: Span, currency: string): ComparedAnswer["own"] {
  const gifts = rows.gifts.filter((gift) => isIn(gift, place));
  const here = { ...rows, gifts, returns: rows.returns.filter((one) => isIn(one, place)) };
  const { givenMinor, returnedMinor } = sums(here, from, to, currency);
  const codes = place.campaignId === null ? ["3920", "5000", "5010"] : ["3920"];
  const booked = rows.lines.filter(
    (line) =>
      isIn(line, place) && line.currency === currency && codes.includes(line.code) && within(line.day, from, to),
  );
  const raised = givenMinor - returnedMinor;
  return {
    from,
    to,
    raisedMinor: Number(raised),
    reachedMinor: Number(raised - sum(booked.map(({ amount }) => amount))),
    givenMinor: Number(givenMinor),
    gifts: gifts.filter(({ isGone, day }) => !isGone && within(day, from, to)).length,
    donors: donorsOf(gifts, from, to).size,
  };
}

function cumulative(rows: Rows, place: AskedPlace, { from, to }: Span, currency: string, grain: string): number[] {
  const here = {
    ...rows,
    gifts: rows.gifts.filter((gift) => isIn(gift, place)),
    returns: rows.returns.filter((one) => isIn(one, place)),
  };
  const ends: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1))
    if (grain === "day" || day === to || addDays(day, 1).endsWith("-01")) ends.push(day);
  return ends.map((end) => {
    const { givenMinor, returnedMinor } = sums(here, from, end, currency);
    return Number(givenMinor - returnedMinor);
  });
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const previousDay = (day: string): string => addDays(day, -1);

function daysBetween({ from, to }: Span): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}
