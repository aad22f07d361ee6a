import { stringify } from "csv-stringify/sync";
import { csvAmount, csvText } from "../core/csv.ts";
import type { GiftLine, GiftPlace } from "../core/gift-list.ts";
import { giftListWords } from "../../web/locales/en/gift-list.ts";

/** So many lines are read and written at a time: a file of any length needs the memory of these. */
const linesAtOnce = 1_000;

const { csv: heads } = giftListWords;

/**
 * The lines of a list as a file for spreadsheets: comma-separated, amounts as plain numbers, texts that are never formulas.
 * It begins with a byte order mark, without which Excel reads UTF-8 as something else and spoils names such as Əliyeva;
 * LibreOffice, Numbers and Google Sheets take it as it is meant.
 * @param read the lines after a place, newest first, at most `limit`
 */
export function giftCsv(
  read: (before: GiftPlace | null, limit: number) => Promise<GiftLine[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before: GiftPlace | null = null;
  let isFirst = true;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const lines = await read(before, linesAtOnce);
      const text = stringify(lines.map(asRow), {
        columns: Object.keys(heads).map((key) => ({ key, header: heads[key as keyof typeof heads] })),
        header: isFirst,
        bom: isFirst,
        record_delimiter: "\r\n",
      });
      isFirst = false;
      controller.enqueue(encoder.encode(text));
      const last = lines.at(-1);
      if (last === undefined || lines.length < linesAtOnce) return controller.close();
      before = { day: last.countedOn, paymentId: last.paymentId, part: last.part };
    },
  });
}

function asRow(line: GiftLine): Record<keyof typeof heads, string> {
  const { currency, amountMinor, returnedMinor } = line;
  const left = amountMinor === null ? null : amountMinor - returnedMinor;
  return {
    day: line.occurredOn,
    counted: line.countedOn,
    name: csvText(line.name),
    email: csvText(line.email),
    fund: csvText(line.fund),
    campaign: csvText(line.campaign),
    organisation: csvText(line.organisation),
    given: csvAmount({ amountMinor, currency }),
    returned: csvAmount({ amountMinor: returnedMinor, currency }),
    raised: csvAmount({ amountMinor: left, currency }),
    currency,
    state: giftListWords.states[line.state],
    source: giftListWords.sources[line.source],
    every: csvText(line.every),
    payment: String(line.paymentId),
    part: csvText(line.part),
    id: csvText(line.key),
  };
}
