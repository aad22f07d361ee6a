/** Words of the form that begins an organisation's books. */
export const openingWords = {
  title: (organisation: string): string => `Where the books of ${organisation} begin`,
  lead: "What each fund had at the beginning of a day. What came before is not posted: it is in these balances. This can be said anew until a month is closed; the whole of it counts then, not what was changed.",
  day: "Books begin on",
  dayHint: "The first day that is kept here, usually of a month or a fiscal year.",
  form: "The form",
  places: { "1000": "At the bank", "1010": "In the cash box", "1050": "Cash and cheques not deposited yet" },
  stripe: (account: string): string => `At Stripe: ${account}`,
  atStripe: (account: string, amount: string, day: string | null): string =>
    day === null
      ? `Stripe holds ${amount} of account ${account} now. Say the day, and this says what was there when it began.`
      : `At the beginning of ${day} Stripe held ${amount} of account ${account}, as far as its movements since are known.`,
  save: "Begin the books",
  link: (organisation: string): string => `Where the books of ${organisation} begin`,
  about: "The first day and what each fund had by then.",
  group: "Once",
};
