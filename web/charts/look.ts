/** Colours and letters of a chart, read from the page's style so that light and dark agree with it. */
export type Look = {
  ink: string;
  soft: string;
  hair: string;
  paper: string;
  given: string;
  givenUnfinished: string;
  returned: string;
  unassigned: string;
  font: string;
  /** False for people who asked for less motion. */
  moves: boolean;
};
