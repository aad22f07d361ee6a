import type { AlertAbout, AlertKind } from "../core/alert.ts";
import type { Organisation } from "../core/fund.ts";
import { asBody, asSubject, type NewMail } from "../core/mail.ts";
import { alertWords } from "../../web/locales/en/alert.ts";
import { mailWords } from "../../web/locales/en/mail.ts";
import { momentInWords } from "../../web/parts/when.ts";
import { imprint } from "./imprint.ts";

type Told = {
  id: bigint;
  kind: AlertKind;
  subject: string;
  about: AlertAbout;
  since: Date;
  dueAt: Date;
  isOver: boolean;
};
type House = { baseUrl: string; organisations: readonly Organisation[]; timeZone: string };

/** The mail that tells somebody of the staff of an alert, or that it is over. */
export function alertMail(
  { id, kind, subject, about, since, dueAt, isOver }: Told,
  { staffId, email }: { staffId: string; email: string },
  { baseUrl, organisations, timeZone }: House,
): NewMail {
  const words = alertWords[kind];
  const moment = (at: Date): string => momentInWords(at, timeZone);
  const told = isOver
    ? [mailWords.over(words.title(subject)), mailWords.since(moment(since))]
    : [words.sentence(about, subject, moment), words.todo, mailWords.due(moment(dueAt)), `${baseUrl}/desk`];
  return {
    key: `alert/${id}/${isOver ? "over" : "raised"}/${staffId}`,
    recipient: email,
    subject: asSubject(isOver ? mailWords.overSubject(words.title(subject)) : words.title(subject)),
    body: asBody([...told, mailWords.why, imprint(organisations)].join("\n\n")),
  };
}
