/** Words of the page a payer comes back to. */
export const thanksWords = {
  titles: {
    booked: "Thank you",
    paid: "Thank you",
    processing: "Your payment is on its way",
    failed: "Your bank did not pay",
    open: "Not paid yet",
    expired: "This payment page has expired",
    unknown: "We do not know this payment",
  },
  giftRecorded: (amount: string, fund: string): string => `Your gift of ${amount} to ${fund} is recorded.`,
  /** Of a gift that repeats; Stripe's other intervals are called what they are. */
  repeatedGiftRecorded: (every: string, amount: string, fund: string): string =>
    `Your ${every} gift of ${amount} to ${fund} has begun, and the first payment is recorded.`,
  every: { month: "monthly", year: "yearly" } as Readonly<Record<string, string | undefined>>,
  everyOtherwise: "repeated",
  /** Whom to write to stands behind it. */
  repeats: "The same amount is taken again by itself until you stop it. To change or stop it, write to",
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
  returned: (amount: string): string => `Of what you paid here, ${amount} has gone back to you.`,
  confirmation: "This page is your confirmation; its address stays the same. It is not an official receipt for tax.",
  paid: (amount: string): string =>
    `Stripe says that ${amount} is paid. Our own record follows in a moment, and then this page says so.`,
  paidLong:
    "It usually takes a few seconds. If it takes longer, nothing is lost: Stripe repeats its message until we have it.",
  processing: (amount: string): string => `Your bank will take some days to pay ${amount}.`,
  yourPayment: "your payment",
  processingLong:
    "Nothing is counted until then, and you need do nothing. This page keeps its address and tells you when it has.",
  failed: "The payment did not come through, and nothing was counted.",
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
