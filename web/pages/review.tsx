import type { Child } from "hono/jsx";
import type { SuspenseLine, UnassignedGift } from "../../src/core/correction.ts";
import { formatMoney } from "../../src/core/money.ts";
import { reviewWords as words } from "../locales/en/review.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import type { Option } from "../parts/setting-form.tsx";
import { dayInShort } from "../parts/when.ts";

export type ReviewPageProps = {
  frame: Frame;
  gifts: readonly UnassignedGift[];
  suspense: readonly SuspenseLine[];
  hasMore: boolean;
  funds: readonly Option[];
  codes: readonly Option[];
  mayKeep: boolean;
  /** What was chosen and typed, when it was refused. */
  values: Readonly<Record<string, string>>;
  /** Makes a form that is sent twice harmless. */
  request: string;
  notice: string | null;
  refusal: string | null;
};

/** `/desk/review`: gifts that wait for a fund, and money that nobody knows. */
export function ReviewPage(props: ReviewPageProps) {
  const { frame, gifts, suspense, hasMore, notice, refusal } = props;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap gifts-list">
        {refusal === null ? null : (
          <div class="error-summary" role="alert" tabindex={-1} data-focus>
            <p>{refusal}</p>
          </div>
        )}
        {notice === null ? null : <Notice>{notice}</Notice>}
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <section aria-labelledby="gifts-heading">
          <h2 id="gifts-heading">{words.gifts(gifts.length)}</h2>
          {gifts.length === 0 ? null : <Gifts {...props} />}
        </section>
        <section aria-labelledby="suspense-heading">
          <h2 id="suspense-heading">{words.suspense(suspense.length)}</h2>
          {suspense.length === 0 ? null : <Suspense {...props} />}
        </section>
        {hasMore ? <p class="soft">{words.more}</p> : null}
      </main>
    </Layout>
  );
}

function Gifts({ gifts, funds, mayKeep, values, request }: ReviewPageProps) {
  const { columns } = words;
  return (
    <Form action="/desk/review/gifts" request={request} mayKeep={mayKeep}>
      <div class="scroll" role="region" aria-label={words.giftsCaption} tabindex={0}>
        <table>
          <caption class="unseen">{words.giftsCaption}</caption>
          <thead>
            <tr>
              {mayKeep ? <th scope="col">{columns.choose}</th> : null}
              <th scope="col">{columns.day}</th>
              <th scope="col" class="r">
                {columns.amount}
              </th>
              <th scope="col">{columns.where}</th>
              <th scope="col">{columns.who}</th>
              <th scope="col">{columns.description}</th>
            </tr>
          </thead>
          <tbody>
            {gifts.map((gift) => (
              <Gift gift={gift} mayKeep={mayKeep} isChosen={values[nameOf(gift)] === "yes"} />
            ))}
          </tbody>
        </table>
      </div>
      {mayKeep ? (
        <div class="panel assign">
          <h3>{words.chosen}</h3>
          <Choice name="fund" id="gifts-fund" label={words.fund} options={funds} value={values["fund"]} />
          <Reason id="gifts-reason" value={values["reason"]} />
          <button class="btn" type="submit">
            {words.assign}
          </button>
        </div>
      ) : null}
    </Form>
  );
}

function nameOf({ payment, part }: UnassignedGift): string {
  return `gift.${payment}.${part}`;
}

function Gift({ gift, mayKeep, isChosen }: { gift: UnassignedGift; mayKeep: boolean; isChosen: boolean }) {
  const { payment, occurredOn, amountMinor, currency, name, email, description, likelyFund, likelyFundName, because } =
    gift;
  const amount = amountMinor === null ? "—" : formatMoney({ amountMinor, currency });
  const day = dayInShort(occurredOn);
  return (
    <tr>
      {mayKeep ? (
        <td>
          <input
            type="checkbox"
            name={nameOf(gift)}
            value="yes"
            checked={isChosen}
            aria-label={words.choose(amount, day)}
          />
        </td>
      ) : null}
      <th scope="row">
        <a href={`/desk/gifts/${payment}`}>{day}</a>
      </th>
      <td class="r">{amount}</td>
      <td>
        {likelyFund === null || likelyFundName === null ? null : mayKeep ? (
          <button
            class="btn quiet"
            type="submit"
            name="one"
            value={`${nameOf(gift)} ${likelyFund}`}
            aria-label={words.toOf(likelyFundName, amount, day)}
          >
            {words.to(likelyFundName)}
          </button>
        ) : (
          likelyFundName
        )}
        <span class="under">{words.because[because]}</span>
      </td>
      <td class="giver">
        {name === null && email === null ? <span class="soft">{words.nobody}</span> : <bdi>{name ?? email}</bdi>}
      </td>
      <td>
        <bdi>{description ?? ""}</bdi>
      </td>
    </tr>
  );
}

function Suspense({ suspense, funds, codes, mayKeep, values, request }: ReviewPageProps) {
  const { suspenseColumns: columns } = words;
  return (
    <Form action="/desk/review/suspense" request={request} mayKeep={mayKeep}>
      <div class="scroll" role="region" aria-label={words.suspenseCaption} tabindex={0}>
        <table>
          <caption class="unseen">{words.suspenseCaption}</caption>
          <thead>
            <tr>
              {mayKeep ? <th scope="col">{columns.choose}</th> : null}
              <th scope="col">{columns.day}</th>
              <th scope="col" class="r">
                {columns.amount}
              </th>
              <th scope="col">{columns.what}</th>
              <th scope="col">{columns.account}</th>
            </tr>
          </thead>
          <tbody>
            {suspense.map((line) => (
              <Line line={line} mayKeep={mayKeep} isChosen={values[`line.${line.account}.${line.id}`] === "yes"} />
            ))}
          </tbody>
        </table>
      </div>
      {mayKeep ? (
        <div class="panel assign">
          <h3>{words.say}</h3>
          <Choice name="code" id="suspense-code" label={words.code} options={codes} value={values["code"]} />
          <Choice name="fund" id="suspense-fund" label={words.fund} options={funds} value={values["fund"]} />
          <Reason id="suspense-reason" value={values["reason"]} />
          <button class="btn" type="submit">
            {words.say}
          </button>
        </div>
      ) : null}
    </Form>
  );
}

function Line({ line, mayKeep, isChosen }: { line: SuspenseLine; mayKeep: boolean; isChosen: boolean }) {
  const { account, id, enteredOn, amountMinor, currency, type, description, organisation, canBeAssigned } = line;
  const amount = formatMoney({ amountMinor, currency });
  return (
    <tr>
      {mayKeep ? (
        <td>
          {canBeAssigned ? (
            <input
              type="checkbox"
              name={`line.${account}.${id}`}
              value="yes"
              checked={isChosen}
              aria-label={words.chooseLine(amount, id)}
            />
          ) : null}
        </td>
      ) : null}
      <th scope="row">{dayInShort(enteredOn)}</th>
      <td class="r">{amount}</td>
      <td>
        {type}
        <span class="under">
          {canBeAssigned ? [id, description ?? ""].filter((part) => part !== "").join(" · ") : words.later}
        </span>
      </td>
      <td>
        {account}
        <span class="under">{organisation}</span>
      </td>
    </tr>
  );
}

function Form({
  action,
  request,
  mayKeep,
  children,
}: {
  action: string;
  request: string;
  mayKeep: boolean;
  children: Child;
}) {
  if (!mayKeep) return <>{children}</>;
  return (
    <form method="post" action={action} class="review-form">
      <input type="hidden" name="request" value={request} />
      {children}
    </form>
  );
}

type ChoiceProps = { name: string; id: string; label: string; options: readonly Option[]; value: string | undefined };

function Choice({ name, id, label, options, value }: ChoiceProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Reason({ id, value }: { id: string; value: string | undefined }) {
  return (
    <div class="field">
      <label for={id}>{words.reason}</label>
      <input id={id} name="reason" type="text" value={value ?? ""} />
    </div>
  );
}
