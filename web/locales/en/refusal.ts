export type RefusalStatus = 400 | 401 | 403 | 404 | 410 | 413 | 429 | 500 | 503;

/** What a page that cannot be shown says instead, and what the reader can do. */
export const refusalWords: Record<RefusalStatus, { title: string; text: string; todo: string }> = {
  400: {
    title: "This request cannot be read",
    text: "Something in the address or the form is not as it should be.",
    todo: "Go back and try again, or start from the list of funds.",
  },
  401: {
    title: "Please sign in",
    text: "This is for the staff, and nobody is signed in here, or not any more.",
    todo: "Sign in, then open it again.",
  },
  403: {
    title: "This is not for your role",
    text: "What you asked for belongs to another role than yours. Nothing was changed.",
    todo: "Ask an admin if you need it.",
  },
  404: {
    title: "There is no such page",
    text: "Nothing has this address. A fund may have been renamed, or the link may have been cut off.",
    todo: "Look for it in the list of funds.",
  },
  410: {
    title: "This link does not work any more",
    text: "Each link works once and for a limited time. This one has been used, is too old, or was cut off on its way.",
    todo: "Ask whoever sent it for a new one.",
  },
  413: {
    title: "That was too much to send",
    text: "The form or file is larger than this service takes.",
    todo: "Shorten what you typed and send it again.",
  },
  429: {
    title: "Too many tries",
    text: "There were too many tries in a short time, from here or under this name. Nothing was done.",
    todo: "Wait a minute, then try again.",
  },
  500: {
    title: "Something went wrong here",
    text: "The mistake is ours, and it has been written down. If you were paying: nothing is taken before Stripe's own page says so.",
    todo: "Try again in a minute.",
  },
  503: {
    title: "Closed for a moment",
    text: "The service cannot reach its database just now. Payments made at Stripe are safe: Stripe repeats its messages until we have them.",
    todo: "Try again in a minute.",
  },
};

export const refusalLinks = { funds: "See all funds", again: "Try again" };
