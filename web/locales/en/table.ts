/** Words around tables. */
export const tableWords = {
  scrolls: (rows: number): string => `${rows} rows: scroll inside the table to see all of them.`,
};
