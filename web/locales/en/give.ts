import { count } from "./count.ts";

/** Words of the give form and of what both forms that lead to Stripe have in common. */
export const giveWords = {
  heading: "Give",
  jump: "Give",
  onceOnly: "This fund is for one time, so gifts to it do not repeat.",
  everyLegend: "How often",
  every: { once: "Once", month: "Monthly", year: "Yearly" },
  /** Under Monthly and Yearly; the contact is an address or a telephone number of the organisation. */
  repeats: {
    month: (contact: string): string => `Taken today and then every month until you stop it: write to ${contact}.`,
    year: (contact: string): string => `Taken today and then every year until you stop it: write to ${contact}.`,
  },
  amount: "Amount",
  other: (currency: string): string => `Another amount, in ${currency}`,
  email: "E-mail, for your confirmation",
  emailHint: "You may leave it empty and type it at Stripe.",
  show: "How should your gift be shown?",
  showChoices: {
    nothing: { label: "Do not show it", hint: "It counts in the totals, and that is all." },
    gift: { label: "Without my name", hint: "The amount, the day and your note." },
    name: { label: "With my name", hint: "The name you give at Stripe, the amount, the day and your note." },
  },
  note: "A note to go with it (optional)",
  noteHint: "At most 140 characters. Shown only if your gift is shown.",
  /** The button says "Give $50.00 every month"; without script, which would follow the choice, only the first word. */
  button: "Give",
  buttonEvery: { once: "once", month: "every month", year: "every year" },
  opening: "Opening Stripe …",
  payment: (organisation: string): string =>
    `Payment by Stripe, to ${organisation}. You come back here to a confirmation.`,
  noOnlineGifts:
    "This fund takes no gifts online at the moment. To give another way, write to the organisation named below.",
  cameBack: "You came back without paying. Nothing was taken. You can start again here.",
  errorsHeading: "There is a problem",
  charactersLeft: (left: number): string =>
    left < 0 ? `${count(-left, "character", "characters")} too many` : `${count(left, "character", "characters")} left`,
};

/** What stands beside a field that cannot be taken as typed. */
export const giveErrors = {
  everyMissing: "Choose whether to give once, every month or every year",
  amountMissing: "Choose an amount or type another one",
  amountNotANumber: "Type the amount as a number, such as 50 or 25.50",
  amountTooManyDecimals: (currency: string, digits: number): string =>
    digits === 0
      ? `${currency} has no decimals: type a whole number`
      : `Type at most ${digits} decimals, such as 25.50`,
  amountTooSmall: (least: string): string => `The amount must be ${least} or more`,
  amountTooLarge: (most: string): string => `The amount must be ${most} or less. For more, please write to us`,
  emailNotOne: "Type an e-mail address such as name@example.org, or leave it empty",
  noteTooLong: "The note must be 140 characters or fewer",
  showMissing: "Choose how your gift should be shown",
  stripeAway: "Stripe could not be reached. Nothing was taken. Please try again in a minute",
  formIsOld: "This form was open for too long. What you typed is still here: please press the button again",
};
