type Mode = "test" | "live";

/** Words of going live: a new database for another mode of payments. */
export const goLiveWords = {
  over: "Settings",
  title: "Go live",
  lead: "A database holds payments of one mode for good. Going live makes a new one with all that you set up, and leaves the old one as it is.",
  modes: { test: "Stripe's test mode", live: "Real money" } satisfies Record<Mode, string>,
  hints: {
    test: "With a test key of Stripe: its real pages, and no real money.",
    live: "With a live key of Stripe: gifts are real from the first one on.",
  } satisfies Record<Mode, string>,
  comes: "What comes along",
  comesText:
    "Organisations, accounts, funds, shops with their items and stock, promises, sorting rules, words, pictures, and the staff with their passwords and second factors.",
  stays: "What stays behind",
  staysText:
    "Gifts, sales, donors, deliveries, sessions, keys of Stripe, and the trail of changes. They stay in the old database, which can be looked at: npm run go-live -- --old says how.",
  heading: "Make the new database",
  choose: "What it is for",
  to: "Address of an empty database",
  toHint: "postgres://user:password@host/database, as the role that is to serve",
  toOwner: "The same as the role that owns the tables",
  toOwnerHint: "Leave it empty where one role does both.",
  embedded:
    "It is made beside the old one, and the service goes over to it by itself. Sign in there again, with the same password.",
  given: "Afterwards set DATABASE_URL (and DATABASE_OWNER_URL) to it and start the service again.",
  confirm: "I understand that payments from now on go to the new database",
  button: "Go live",
  nowhere: "This database holds real payments. There is nothing further to go to.",
  notHere:
    "Here there are no files to make a database from. Run npm run go-live on a machine with Node, then bind the new database.",
  errors: {
    mode: "Choose what the new database is for.",
    confirm: "Tick the box to go on.",
    refused: (words: string): string => `Nothing was made: ${words}.`,
  },
  made: "The new database is made. Set DATABASE_URL (and DATABASE_OWNER_URL) to it and start the service again.",
  terminal: {
    usage: "Say which: npm run go-live -- test, or npm run go-live -- live",
    embedded: (mode: Mode, name: string): string =>
      `The new database ${name} is for ${mode} payments. A running service goes over to it within seconds; sign in again there, and paste the key.`,
    given: "The new database is made. Set DATABASE_URL (and DATABASE_OWNER_URL) to it and start the service.",
    old: (name: string, isServed: boolean): string => `${name}${isServed ? ", served now" : ""}:`,
    look: (url: string): string => `  DATABASE_URL=${url} PORT=8788 npm start`,
  },
};
