export type RefusalStatus = 400 | 403 | 404 | 413 | 500 | 503;

/** What a page that cannot be shown says instead, and what the reader can do. */
export const refusalWords: Record<RefusalStatus, { title: string; text: string; todo: string }> = {
  400: {
    title: "This request cannot be read",
    text: "Something in the address or the form is not as it should be.",
    todo: "Go back and try again, or start from the list of funds.",
  },
  403: {
    title: "This page is not open from here",
    text: "The board and the desk show more than the public may see. Until sign-in exists, they open only on the machine that runs this service.",
    todo: "If you run it, open the page there at its loopback address, such as http://localhost:8787/board.",
  },
  404: {
    title: "There is no such page",
    text: "Nothing has this address. A fund may have been renamed, or the link may have been cut off.",
    todo: "Look for it in the list of funds.",
  },
  413: {
    title: "That was too much to send",
    text: "The form or file is larger than this service takes.",
    todo: "Shorten what you typed and send it again.",
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
