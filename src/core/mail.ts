/** A mail as it is put into the queue. Plain text to one person; the sender is always the one of the settings. */
export type NewMail = {
  /** What it is about and to whom, by numbers only: the same key is sent once, however often it is queued. */
  key: string;
  recipient: string;
  subject: string;
  body: string;
};

const subjectMax = 200;

/** Anything that may end a line or hide in one, in a header and on a screen. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]+/gu;

/** A text as one line of a header: no line ends, nothing invisible, at most 200 characters. */
export function asSubject(text: string): string {
  const line = text.normalize("NFC").replace(breaks, " ").replace(/ {2,}/gu, " ").trim();
  return line.length <= subjectMax ? line : `${line.slice(0, subjectMax - 1).trimEnd()}…`;
}

/** A text as a mail's body: line ends of one kind, nothing that no mail may carry. */
export function asBody(text: string): string {
  return text.normalize("NFC").replace(/\r\n?/gu, "\n").replaceAll("\0", "").slice(0, 20_000);
}

/** Whether this is one address that can stand in an envelope: no list, no name, no comment, no line end. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s\p{Cc}<>,;:"()\\@]+@[^\s\p{Cc}<>,;:"()\\@]+$/u.test(text);
}

/** How long to wait after try number `tries` (1 the first) that a mail server put off: a minute, doubling to four hours. */
export function mailWaitSeconds(tries: number): number {
  return Math.min(60 * 2 ** (tries - 1), 4 * 3600);
}

/** Whether this service sends mail by itself, only keeps it for one that does, or writes none because nothing was set. */
export type MailWay = "sends" | "keeps" | "none";

/** Where the queue stands. */
export type MailQueue = { waiting: number; oldest: Date | null; givenUp: number };
