/** Words that stand on every page. */
export const frameWords = {
  product: "Almonry",
  home: "Almonry, all funds",
  skip: "Skip to the main part",
  mainNavigation: "Main",
  rooms: { funds: "Funds", shop: "Shop", board: "Board", desk: "Desk" },
  sandbox: "Sandbox: no real money moves here.",
  whatIsThis: "What is this?",
  organisationsHeading: "Who is responsible",
  footer: "Every number on these pages opens what it counts and the rows behind it.",
  api: "The same totals as JSON",
  title: (page: string): string => `${page} · Almonry`,
};
