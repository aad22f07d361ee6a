import type { FormKind } from "../../src/core/money-form.ts";
import { moneyWords as words } from "../locales/en/money.ts";
import type { Option, Question, Section } from "./setting-form.tsx";

/** What the forms of money offer to choose from. */
export type MoneyChoices = {
  organisations: readonly Option[];
  funds: readonly Option[];
  /** Values such as `pins shirt m`. */
  variants: readonly Option[];
};

const { fields, hints } = words;
const options = (labels: Readonly<Record<string, string>>): Option[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
const none: Option = { value: "", label: "—" };

/** The questions of the form of each kind. */
export function moneySections(kind: FormKind, choices: MoneyChoices): Section[] {
  return [{ questions: questionsOf(kind, choices) }];
}

function questionsOf(kind: FormKind, { organisations, funds, variants }: MoneyChoices): Question[] {
  const choice = (name: string, of: readonly Option[], hint?: string): Question => ({
    as: "choice",
    name,
    label: fields[name] ?? name,
    hint,
    options: of.length === 1 ? of : [none, ...of],
  });
  const text = (name: string, hint?: string): Question => ({ as: "text", name, label: fields[name] ?? name, hint });
  const radios = (name: string, labels: Readonly<Record<string, string>>): Question => ({
    as: "radios",
    name,
    label: fields[name] ?? name,
    options: options(labels),
  });
  const where = choice("organisation", organisations);
  const day: Question = { as: "day", name: "day", label: fields["day"] ?? "" };
  const amount: Question = { as: "money", name: "amount", label: fields["amount"] ?? "", hint: hints.amount };
  const fund = choice("fund", funds);
  const paper: Question = {
    as: "file",
    name: "evidence",
    label: fields["evidence"] ?? "",
    hint: hints.evidence,
    accept: "application/pdf,image/png,image/jpeg,image/webp",
  };
  switch (kind) {
    case "cash gift":
      return [where, fund, amount, day, text("email", hints.who), text("name"), text("note")];
    case "cash sale":
      return [
        choice("campaign", variants),
        { as: "short", name: "quantity", label: fields["quantity"] ?? "" },
        { ...amount, hint: hints.saleAmount },
        day,
        text("email", hints.who),
        text("name"),
        text("note"),
      ];
    case "deposit":
      return [
        where,
        day,
        ...funds.map(({ value, label }, index): Question => {
          const name = `deposit.${value}`;
          return { as: "money", name, label, hint: index === 0 ? hints.deposit : undefined };
        }),
        text("note"),
      ];
    case "cash difference":
      return [
        where,
        radios("way", words.ways),
        amount,
        day,
        choice("fund", funds, hints.generalFund),
        text("note", hints.differenceNote),
      ];
    case "disbursement":
      return [
        where,
        fund,
        amount,
        day,
        radios("payeeKind", words.payeeKinds),
        text("payee"),
        text("purpose"),
        text("note"),
        paper,
      ];
    case "expense":
      return [
        where,
        fund,
        amount,
        day,
        radios("tag", words.tags),
        { as: "choice", name: "code", label: fields["code"] ?? "", options: options(words.codes) },
        text("payee"),
        text("purpose"),
        radios("owed", words.owed),
        paper,
      ];
    case "payable paid":
      return [where, fund, amount, day, text("payee"), text("note")];
    case "transfer":
      return [where, choice("from", funds), choice("to", funds), amount, day, text("note", hints.transferNote)];
    case "administration share":
      return [where, fund, amount, text("rate"), day, text("note", hints.shareNote)];
    case "partner payment":
      return [
        where,
        choice("partner", organisations),
        fund,
        amount,
        day,
        radios("paysOver", words.paysOver),
        text("purpose"),
        text("note"),
      ];
    case "collected for partner":
      return [where, choice("partner", organisations), fund, amount, day, text("note", hints.collectedNote)];
  }
}
