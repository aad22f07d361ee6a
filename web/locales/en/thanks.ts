/** Words of the page a payer comes back to. */
export const thanksWords = {
  titles: {
    booked: "Thank you",
    paid: "Thank you",
    processing: "Your payment is on its way",
    open: "Not paid yet",
    expired: "This payment page has expired",
    unknown: "We do not know this payment",
  },
  giftRecorded: (amount: string, fund: string): string => `Your gift of ${amount} to ${fund} is recorded.`,
  fundStands: (raised: string, donors: string, unnamed: string): string =>
    `The fund now stands at ${raised}, from ${donors}${unnamed}.`,
  people: (count: string): string => `${count} people`,
  onePerson: "1 person",
  unnamed: (gifts: string): string => ` and ${gifts} unnamed gifts`,
  oneUnnamed: " and 1 unnamed gift",
  orderRecorded: "Your order is recorded.",
  linesCaption: "What you paid for",
  line: "What",
  quantity: "Pieces",
  amount: "Amount",
  giftLine: (fund: string): string => `Gift to ${fund}`,
  shipping: "Shipping",
  total: "Paid",
  confirmation: "This page is your confirmation; its address stays the same. It is not an official receipt for tax.",
  paid: (amount: string): string =>
    `Stripe says that ${amount} is paid. Our own record follows in a moment, and then this page says so.`,
  paidLong:
    "It usually takes a few seconds. If it takes longer, nothing is lost: Stripe repeats its message until we have it.",
  processing:
    "Your bank has not decided yet. Some ways of paying take days. The gift counts once the money has come, and you need do nothing.",
  open: "Stripe has not been paid. Nothing was taken.",
  expired: "It was not used in time. Nothing was taken.",
  unknown:
    "No payment of ours has this address. If you did pay, the gift is safe: it appears in the totals when Stripe tells us. The address may have been cut off on the way here.",
  look: "Look again",
  tryAgain: "Start again",
  continueAtStripe: "Continue at Stripe",
  toFund: (fund: string): string => `See ${fund}`,
  toFunds: "See all funds",
};
