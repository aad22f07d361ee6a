import { settingWords } from "./settings.ts";

/** Words of the pages on which campaigns and their items are set. */
export const campaignSettingWords = {
  one: "Campaign",
  add: "Add a campaign",
  addFirst: "Add a fund first: a campaign sells for a fund.",
  empty: "No campaign yet. A campaign sells things for a fund.",
  fields: {
    name: "Name",
    through: "Sold for",
    description: "Description",
    remark: "Remark under the title",
    startsOn: "First day",
    endsOn: "Last day",
    shippingMinor: "Shipping",
    slug: settingWords.slug,
    fund: "Fund",
    account: "Account",
    form: "This",
    basis: "What is promised",
    rateBp: "How much of it",
    wording: "In words, as buyers read it",
    wordedMinor: "Amount a piece that the words name",
    inForceFrom: "From which day on",
  },
  hints: {
    shippingMinor: "A flat sum for an order. Leave it empty if nothing is shipped.",
    startsOn: "Leave both days empty to sell until it is archived.",
    newSlug:
      "The page is at /campaigns/ and this. Leave it empty to make it from the name. It cannot be changed later.",
    wording: "Such as “All proceeds go to the Families fund.”",
    rateBp: "A percentage, such as 100.",
    wordedMinor: "Only if the words name one, such as $4.55 of each pin.",
    inForceFrom: "What was sold before keeps the promise of its day.",
  },
  through: (fund: string, account: string): string => `${fund}, paid into ${account}`,
  bases: {
    gross: "A share of the price",
    "net of processing": "A share of the price after card fees",
    "net of processing and goods": "A share of the price after card fees and what the goods cost",
    "fixed a unit": "A fixed amount for each piece",
  },
  headings: { what: "What it is", promise: "What becomes of the money" },
  promiseHeading: "Promises to buyers",
  promiseAdd: "Change the promise",
  promiseLead: "The earlier promises stay: what was sold under them keeps them.",
  noPromise: "No promise yet.",
  inForce: (day: string): string => `from ${day}`,
  itemsHeading: "Items",
  itemsEmpty: "Nothing to buy yet.",
  see: "See its page",
  runs: (from: string | null, to: string | null): string =>
    from === null && to === null
      ? ""
      : from === null
        ? `until ${to}`
        : to === null
          ? `from ${from}`
          : `${from} to ${to}`,
};

export const itemWords = {
  one: "Item",
  add: "Add an item",
  fields: {
    name: "Name",
    description: "Description",
    slug: settingWords.slug,
    form: "This",
    "v.name": "Name of the size",
    "v.price": "Price",
    "v.cost": "Cost",
    "v.stock": "Stock",
  },
  hints: { slug: "It cannot be changed later." },
  linesHeading: "Sizes, colours or models",
  linesLead:
    "One line each. An item without choices has one line without a name. Leave the stock empty for as many as anybody wants. The cost is what one costs you: it is needed where you promise what stays after the goods. Another cost counts from today on.",
  orderHeading: "Their order in the shop",
  columns: { name: "Name", price: "Price", cost: "Cost", stock: "Stock", archived: "Not sold any more" },
  line: (number: number): string => `Line ${number}`,
  soldOut: "sold out",
  left: (left: number): string => `${left} left`,
};
