import type { ShownPicture } from "./picture.ts";

/** A fund as public pages show it. */
export type Fund = {
  slug: string;
  name: string;
  /** Markdown. */
  description: string;
  public: boolean;
  currency: string;
  /** The organisations that run it, the one that receives online gifts first. */
  organisations: Organisation[];
  /** Who bears card fees, in words for the donor: true when the fund itself does. */
  bearsFees: boolean;
  /** Suggested amounts of the give form, minor units of `currency`. */
  presetsMinor: bigint[];
  /** Slug of the account through which online gifts are paid; null when it takes none. */
  account: string | null;
  /** First local day with a gift, YYYY-MM-DD. */
  firstGiftOn: string | null;
  /** A remark such as "re-created for this demo", shown under the title. */
  remark: string | null;
  /** What its money may be used for only; "" when for all that the description says. */
  restriction: string;
  goalMinor: bigint | null;
  /** Whether it is there for good: only then can a gift repeat. */
  lasting: boolean;
  picture: ShownPicture | null;
};

/** An organisation as every public page must name it. */
export type Organisation = {
  slug: string;
  name: string;
  legalName: string;
  address: string;
  contact: string;
  /** With the authority that registers charities; null without one. */
  registrationNumber: string | null;
  /** The colour of its pages, such as `#8f1d3a`; null for ours. */
  accent: string | null;
  picture: ShownPicture | null;
};
