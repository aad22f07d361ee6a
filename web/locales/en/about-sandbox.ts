/** Words of the page that says what the sandbox is. */
export const aboutSandboxWords = {
  title: "What is this?",
  lead: "This is Almonry with a stand-in for Stripe. You can give, buy, be declined and come back, and watch the numbers move. No real money moves anywhere.",
  realHeading: "What is real, and what is not",
  real: [
    "Real: the forms, the checkout, the signed messages from the stand-in, the database, and every number, which is counted exactly as it would be with Stripe.",
    "Not real: the card, the bank and the money. People and names in the demo are generated.",
    "Never type a real card number here. The payment page takes the test cards below and nothing else.",
  ],
  cardsHeading: "Cards to try",
  cardsCaption: "Test cards and what they do",
  card: "Card number",
  does: "What happens",
  cards: [
    { number: "4242 4242 4242 4242", does: "Pays, with a Canadian card" },
    { number: "4000 0000 0000 0002", does: "Is declined" },
  ],
  anyDetails: "Any future date and any three digits will do.",
  liveHeading: "How to leave it",
  live: "With a Stripe key in its settings the service starts without the stand-in, on a database of its own. A database that was filled by the sandbox stays a sandbox for good, so that play money can never be taken for gifts.",
  start: "See all funds",
};
