/**
 * What each number means, once. Pages show these texts beside the numbers and as footnotes, the API documentation
 * prints them; no other text may explain a number.
 */
export type NumberName =
  | "given"
  | "returned"
  | "raised"
  | "proceeds"
  | "fees"
  | "reached"
  | "gifts"
  | "donors"
  | "unnamedGifts"
  | "supporters";

/** `label` is what stands above the number, `text` one or two plain sentences that can be read without the page. */
export type Definition = { label: string; text: string };

export const definitions: Record<NumberName, Definition> = {
  given: {
    label: "Given",
    text: "All gifts that succeeded, before anything is taken off.",
  },
  returned: {
    label: "Returned",
    text: "Refunds, which we gave back, and disputes, which a donor's bank took back. If a refund fails or the bank decides for us, that is a line of its own with the other sign, on its own day.",
  },
  raised: {
    label: "Raised",
    text: "Given less returned. It counts gifts only: what merchandise brings is shown apart, as proceeds.",
  },
  proceeds: {
    label: "Proceeds",
    text: "What sales bring to the fund under the promise made to buyers.",
  },
  fees: {
    label: "Fees",
    text: "What Stripe took for the gifts of this fund, unless another fund bears it. Fees of sales belong to the sale. Stripe tells some fees later: how many gifts still wait for theirs stands beside.",
  },
  reached: {
    label: "Reached the cause",
    text: "Raised, plus proceeds, less the fees this fund bears.",
  },
  gifts: {
    label: "Gifts",
    text: "Gifts that succeeded and were not wholly returned. One person may give many.",
  },
  donors: {
    label: "Donors",
    text: "Different people with at least one gift that was not wholly returned. Each person is counted once, also when the name is hidden. Over several funds, too, each counts once.",
  },
  unnamedGifts: {
    label: "Unnamed gifts",
    text: "Gifts from nobody we know, such as cash in a box. They stand beside the donors and are never added to them.",
  },
  supporters: {
    label: "Supporters",
    text: "Different people who gave or bought something. Each is counted once; somebody who only bought is not a donor.",
  },
};
