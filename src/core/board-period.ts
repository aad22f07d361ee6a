/** The periods that a dashboard offers; the last is of a campaign: its first day to the day that is asked for. */
export type PresetName =
  | "all time"
  | "this month"
  | "last month"
  | "this quarter"
  | "this fiscal year"
  | "last fiscal year"
  | "last 12 months"
  | "campaign";

/** What a period is compared with; a campaign by its slug. */
export type Compare = "none" | "previous" | "last year" | { campaign: string };
