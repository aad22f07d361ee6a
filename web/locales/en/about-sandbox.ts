/** Words of the page that says what the sandbox is. */
export const aboutSandboxWords = {
  title: "What is this?",
  lead: "This is Almonry with a stand-in for Stripe. You can give, buy, be declined and come back, and watch the numbers move. No real money moves anywhere.",
  realHeading: "What is real, and what is not",
  real: [
    "Real: the forms, the checkout, the signed messages from the stand-in, the database, and every number, which is counted exactly as it would be with Stripe.",
    "Not real: the card, the bank and the money. People and names in the demo are generated.",
    "The payment page asks for no card number. You choose one of the test cards or bank accounts below.",
  ],
  cardsHeading: "Cards and bank accounts to try",
  cardsCaption: "Test cards and bank accounts, and what they do",
  card: "Pay with",
  does: "What happens",
  cards: [
    { name: "A Canadian card, ending in 0000", does: "Pays. Stripe's fee is 2.9% and 30 cents." },
    { name: "A card from another country, ending in 4242", does: "Pays. The fee is 0.8% higher." },
    { name: "A card that is declined, ending in 0002", does: "Pays nothing. Choose another card, or come back." },
    {
      name: "A card that pays once, then no more, ending in 0341",
      does: "For a monthly or yearly gift: the first payment succeeds, each later one fails and is retried for two weeks.",
    },
    {
      name: "A bank account, ending in 6789",
      does: "Pays after four days; nothing is counted until then. Not for monthly and yearly gifts.",
    },
    { name: "A bank account without funds, ending in 2227", does: "Fails after four days, and nothing is counted." },
    {
      name: "A bank account that takes the money back, ending in 1116",
      does: "The money shows in Stripe's balance and goes again when the bank refuses.",
    },
    {
      name: "Cards for refunds, ending in 7726 and 5126",
      does: "They pay. A refund to the first takes its time; one to the second comes back to us.",
    },
  ],
  liveHeading: "How to leave it",
  live: "With a Stripe key in its settings the service starts without the stand-in, on a database of its own. A database that was filled by the sandbox stays a sandbox for good, so that play money can never be taken for gifts.",
  start: "See all funds",
};
