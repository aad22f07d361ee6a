import { randomUUID } from "node:crypto";
import { readConfig } from "../config.ts";
import { readCash, readCashAmount } from "../core/cash.ts";
import type { Read } from "../core/cash.ts";
import { formatMoney } from "../core/money.ts";
import { withDatabase } from "../db/borrow.ts";
import { findFundCurrency, recordCash } from "../db/cash.ts";
import { CommandError, commandLog, readOptions, runCommand } from "./run.ts";

const options = ["fund", "amount", "day", "organisation", "email", "name", "person", "note"] as const;

/** `npm run cash -- --fund families --amount 50.00 --day 2021-03-04 [--email ... | --name ... | --person 12] [--note ...]` */
await runCommand(async () => {
  const { amount, ...typed } = understood(readCash(readOptions(options)));
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

function understood<Value>(read: Read<Value>): Value {
  if (read.ok) return read.value;
  throw new CommandError(read.problem);
}
