import { olderBody } from "./older-body.ts";

/** The version that changed invoices, and what refers to them, beyond recognition. https://docs.stripe.com/changelog/basil */
const basil = "2025-03-31";

/** Whether bodies of this version are older than what the sandbox keeps. */
export const isOlder = (version: string): boolean => version < basil;

type Told = { object: string; hidden?: unknown };
type EventLike = Told & { api_version: string | null; data: { object: object } };

const isEvent = (object: object): object is EventLike =>
  "object" in object && object.object === "event" && "data" in object;

/** The object as Stripe tells it: without what the sandbox keeps to itself, and an event in the words of its version. */
export function shown<Object extends object>(object: Object): Object {
  if (isEvent(object)) return eventInVersion(object, object.api_version ?? "");
  return withoutHidden(object);
}

/** An event as an endpoint of this version gets it. */
export function eventInVersion<Event extends object>(event: Event, version: string): Event {
  if (!isEvent(event)) return event;
  const { object } = event.data;
  const body = isOlder(version) ? olderBody(object as Record<string, unknown>) : withoutHidden(object);
  return { ...event, api_version: version, data: { ...event.data, object: body } };
}

function withoutHidden<Object extends object>(object: Object): Object {
  if (!("hidden" in object)) return object;
  const { hidden: _, ...told } = object;
  return told as Object;
}
