import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { readConfig } from "../config.ts";
import { readCash, readCashAmount } from "../core/cash.ts";
import type { Read } from "../core/cash.ts";
import { formatMoney } from "../core/money.ts";
import { withDatabase } from "../db/borrow.ts";
import { findFundCurrency, recordCash } from "../db/cash.ts";
import { CommandError, commandLog, runCommand } from "./run.ts";

const text = { type: "string" } as const;
const options = {
  fund: text,
  amount: text,
  day: text,
  organisation: text,
  email: text,
  name: text,
  person: text,
  note: text,
};

/** `npm run cash -- --fund families --amount 50.00 --day 2021-03-04 [--email ... | --name ... | --person 12] [--note ...]` */
await runCommand(async () => {
  const { amount, ...typed } = understood(readCash(readOptions()));
  return await withDatabase(readConfig(), "as it is", commandLog, async ({ sql }) => {
    const currency = await findFundCurrency(sql, typed.fund);
    if (currency === null) throw new CommandError(`there is no fund ${typed.fund}`);
    const amountMinor = understood(readCashAmount(amount, currency));
    const recorded = await recordCash(sql, { ...typed, amountMinor, currency, request: randomUUID() });
    if (!recorded.ok) throw new CommandError(recorded.refusal);
    console.log(
      `${formatMoney({ amountMinor, currency })} for ${typed.fund} on ${typed.day} recorded, number ${recorded.cashGiftId}.`,
    );
    return 0;
  });
});

function readOptions(): Record<string, string | undefined> {
  try {
    return { ...parseArgs({ options, strict: true }).values };
  } catch (error) {
    // What parseArgs says beyond its first sentence is advice about quoting.
    throw new CommandError(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error), {
      cause: error,
    });
  }
}

function understood<Value>(read: Read<Value>): Value {
  if (read.ok) return read.value;
  throw new CommandError(read.problem);
}
