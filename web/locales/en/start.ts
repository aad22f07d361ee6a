import type { StartStepName } from "../../../src/core/start.ts";

/** Words of the first day: the list of what to do, and of a database with nothing in it. */
export const startWords = {
  over: "Desk",
  title: "First steps",
  lead: "From an empty house to the first gift. Leave whenever you like: the list waits on the desk until all of it is done.",
  allDone: "All of it is done. This list leaves the desk by itself.",
  progress: (done: number, of: number): string => `${done} of ${of} done`,
  done: "Done",
  next: "Next",
  later: "Then",
  openList: "See all steps",
  nothingYet: {
    staff: "Nothing is set up yet. The first steps say what to do next.",
    public: "There is no fund here yet. If you set this house up, sign in to go on.",
    start: "Go to the first steps",
    signIn: "Sign in",
  },
  steps: {
    organisation: {
      title: "Say who you are",
      text: "Name, legal name, address and contact of the organisation. They stand on every page and in every mail.",
      button: "Add the organisation",
      again: "Look at it",
    },
    stripe: {
      title: "Connect Stripe",
      text: "Paste a restricted key of the organisation's Stripe account. Almonry tries what it may do and makes the webhook endpoint.",
      button: "Connect Stripe",
      again: "Look at it",
    },
    fund: {
      title: "Open the first fund",
      text: "What people give for: a name, a few sentences, and the amounts to choose from.",
      button: "Open a fund",
      again: "Look at it",
    },
    gift: {
      title: "Give a dollar, and see it arrive",
      text: "Give $1 yourself, as a donor would. This page says so by itself as soon as it is booked.",
      button: "Give a dollar",
      again: "See the fund",
    },
    staff: {
      title: "Let somebody else look",
      text: "Invite a treasurer or a board member by a link. Money that two people see is money that can be trusted.",
      button: "Invite somebody",
      again: "See the staff",
    },
  } satisfies Record<StartStepName, { title: string; text: string; button: string; again: string }>,
  stripeInSandbox:
    "While this is the sandbox, payments are played and nothing needs to be pasted. Go live when you are ready.",
  alone: "I work alone",
  aloneHint: "Whoever works alone says so, and the list is done. Somebody can be invited at any time.",
  waiting: "Waiting for the first gift. It shows here by itself.",
};
