/** Words around the definitions of `src/core/definition.ts`. */
export const definitionWords = {
  heading: "How we count",
  asOf: (moment: string): string => `As of ${moment}.`,
  opens: "Every number opens the rows behind it.",
};
