import { stripeApiVersion } from "../client.ts";

/** What is set in an account's dashboard, where accounts differ. */
export type AccountSettings = {
  /** Currencies it has a bank account for, lower case; what comes in any other is converted into the first. */
  settlesIn: readonly [string, ...string[]];
  /** What one unit of a currency is worth today, in millionths of a Canadian dollar, where it differs from the usual. */
  rates: Readonly<Record<string, bigint>>;
  /** The version that the bodies of its events are written in. */
  apiVersion: string;
  /** Whether its events carry their object or only name it. */
  events: "snapshot" | "thin";
  /** Whether what became available is paid out every day, or only when somebody asks for it. */
  payouts: "daily" | "manual";
  /** How a partial capture shows in the balance: by what was captured, or by the whole and what was given back of it. */
  partialCapture: "one row" | "two rows";
};

export const usualSettings: AccountSettings = {
  settlesIn: ["cad"],
  rates: {},
  apiVersion: stripeApiVersion,
  events: "snapshot",
  payouts: "manual",
  partialCapture: "one row",
};
