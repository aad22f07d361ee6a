import type { Child } from "hono/jsx";
import { type Alert, byHarm } from "../../src/core/alert.ts";
import type { Staff } from "../../src/core/role.ts";
import type { StartStep } from "../../src/core/start.ts";
import { alertWords } from "../locales/en/alert.ts";
import { todoWords as words } from "../locales/en/todo.ts";
import { alertHref } from "../parts/alert-place.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { StartList } from "../parts/start-list.tsx";
import { momentInWords } from "../parts/when.ts";

export type DeskPageProps = {
  frame: Frame;
  /** What needs a hand, in any order. */
  alerts: readonly Alert[];
  /** Gifts that wait for a fund. */
  unassigned: number;
  now: Date;
  /** The first day's steps, for whom they are shown; null once all are done. */
  start: { steps: readonly StartStep[]; staff: Staff } | null;
};

/** `GET /desk`: what is to be done, one sentence and one button each, the most harmful first. */
export function DeskPage({ frame, alerts, unassigned, now, start }: DeskPageProps) {
  const isCalm = alerts.length === 0 && unassigned === 0;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap">
        <h1>{words.heading}</h1>
        {isCalm ? <p class="lead calm">{start === null ? words.nothing : words.nothingYet}</p> : null}
        {isCalm ? null : (
          <ul class="todo" role="list" aria-label={words.list}>
            {[...alerts].sort(byHarm).map((alert) => (
              <AlertEntry alert={alert} now={now} frame={frame} />
            ))}
            {unassigned === 0 ? null : (
              <Entry button={words.seeGifts} href="/desk/review">
                <p>{words.unassigned(unassigned)}</p>
              </Entry>
            )}
          </ul>
        )}
        {start === null ? null : (
          <section aria-labelledby="start-heading" class="first-steps">
            <h2 id="start-heading">{words.start}</h2>
            <StartList steps={start.steps} staff={start.staff} isSandbox={frame.sandbox} />
          </section>
        )}
      </main>
    </Layout>
  );
}

function AlertEntry({ alert, now, frame }: Pick<DeskPageProps, "now" | "frame"> & { alert: Alert }) {
  const { kind, subject, about, dueAt, owner } = alert;
  const { sentence, button } = alertWords[kind];
  const moment = (at: Date): string => momentInWords(at, frame.timeZone);
  return (
    <Entry button={button} href={alertHref(alert, frame)}>
      <p>{sentence(about, subject, moment)}</p>
      <p class={dueAt < now ? "small late" : "small soft"}>
        {dueAt < now ? words.late(moment(dueAt)) : words.by(moment(dueAt))}
        {owner === null ? null : ` ${words.owner(owner.name)}`}
      </p>
    </Entry>
  );
}

function Entry({ button, href, children }: { button: string; href: string; children: Child }) {
  return (
    <li>
      <div>{children}</div>
      <a class="btn quiet" href={href}>
        {button}
      </a>
    </li>
  );
}
