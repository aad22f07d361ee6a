import type { Alert } from "../../src/core/alert.ts";
import { alertWords } from "../locales/en/alert.ts";
import type { Frame } from "./frame.ts";

/** The id of an alert's part of the page of alerts, such as `key-refused-alov`. */
export function alertPlace({ kind, subject }: Pick<Alert, "kind" | "subject">): string {
  return `${kind} ${subject}`.trim().replaceAll(" ", "-");
}

/** The page of its own where an alert is mended; null when there is none, or whoever looks may not enter it. */
export function alertPage({ kind, subject }: Pick<Alert, "kind" | "subject">, { desk }: Frame): string | null {
  const { page } = alertWords[kind];
  return page !== undefined && desk?.deeds.includes(page.deed) === true ? page.href(subject) : null;
}

/** Where an alert is mended: a page of its own, or its part of the page of alerts. */
export function alertHref(alert: Pick<Alert, "kind" | "subject">, frame: Frame): string {
  return alertPage(alert, frame) ?? `/desk/alerts#${alertPlace(alert)}`;
}
