/** What may need a hand, in the order of the harm it does while nobody looks. */
export const alertKinds = [
  "disk low",
  "clock",
  "endpoint disabled",
  "key refused",
  "dead letters",
  "books differ",
  "arriving",
  "sweep late",
  "mail stuck",
  "proxy",
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What the sentence about an alert needs; moments are ISO 8601. */
export type AlertAbout = {
  aheadMs?: number;
  reason?: string;
  letters?: number;
  differences?: number;
  payments?: number;
  mails?: number;
  since?: string;
  freePercent?: number;
  freeBytes?: number;
};

/** Something that a person has to mend. */
export type Alert = {
  /** Null while it was seen only just now, and nobody has been told. */
  id: bigint | null;
  kind: AlertKind;
  /** The account's slug; empty for what concerns the whole service. */
  subject: string;
  about: AlertAbout;
  since: Date;
  dueAt: Date;
  /** Who has said that they look after it. */
  owner: { id: string; name: string } | null;
};

/** An alert that is over. */
export type PastAlert = Pick<Alert, "kind" | "subject" | "about" | "since" | "owner"> & { id: bigint; clearedAt: Date };

/** Something that only a process can see, such as its own disk; `hours` is the time there is to mend it. */
export type OwnFinding = { kind: AlertKind; subject: string; about: AlertAbout; hours: number };

/** The most harmful first; of the same kind the oldest. */
export function byHarm(a: Alert, b: Alert): number {
  return alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind) || a.since.getTime() - b.since.getTime();
}

const mebibyte = 1024 ** 2;

/**
 * Whether so little of a disk is free that the database may soon stop: less than 512 MB, or less than 5 % of a disk unless
 * that is 10 GB.
 */
export function isDiskLow({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): boolean {
  return freeBytes < 512 * mebibyte || (freeBytes < 0.05 * totalBytes && freeBytes < 10_240 * mebibyte);
}
