import type { Alert } from "../../src/core/alert.ts";
import { alertWords } from "../locales/en/alert.ts";

/** The id of an alert's part of the page of alerts, such as `key-refused-alov`. */
export function alertPlace({ kind, subject }: Pick<Alert, "kind" | "subject">): string {
  return `${kind} ${subject}`.trim().replaceAll(" ", "-");
}

/** Where an alert is mended: a page of its own, or its part of the page of alerts. */
export function alertHref(alert: Pick<Alert, "kind" | "subject">): string {
  return alertWords[alert.kind].page ?? `/desk/alerts#${alertPlace(alert)}`;
}
