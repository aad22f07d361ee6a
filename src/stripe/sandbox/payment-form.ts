import type Stripe from "stripe";
import { isCard, isDebit } from "./card.ts";
import type { Form } from "./form.ts";
import type { Payer } from "./payer.ts";

/** What the fields of the payment page say, filled in or not. */
export type Answers = Record<
  | "email"
  | "name"
  | "card"
  | "recipient"
  | "line1"
  | "line2"
  | "city"
  | "state"
  | "postalCode"
  | "country"
  | "presentment"
  | "promotionCode",
  string
>;

export type Problem = { field: keyof Answers; text: string };

const lengthMax = 200;

/** The page as it is first shown: the e-mail is the one that the session was made with. */
export function firstAnswers(session: Stripe.Checkout.Session): Answers {
  const [country = ""] = session.shipping_address_collection?.allowed_countries ?? [];
  const empty = { name: "", recipient: "", line1: "", line2: "", city: "", state: "", postalCode: "" };
  const email = session.customer_email ?? "";
  return { ...empty, email, card: "domestic", country, presentment: session.currency ?? "", promotionCode: "" };
}

/** A sent form's fields, trimmed; what was not sent is as on the first page. */
export function readAnswers(form: Form, session: Stripe.Checkout.Session): Answers {
  const first = firstAnswers(session);
  const fields = Object.keys(first) as (keyof Answers)[];
  const read = (field: keyof Answers): string => {
    const value = form[field];
    return typeof value === "string" ? value.trim().slice(0, lengthMax) : first[field];
  };
  return Object.fromEntries(fields.map((field) => [field, read(field)])) as Answers;
}

/** Either who pays, or what is still wrong with the answers. */
export function readPayer(answers: Answers, session: Stripe.Checkout.Session): Payer | Problem[] {
  const collected = session.shipping_address_collection;
  const problems: Problem[] = [];
  const wanted = (field: keyof Answers, text: string): void => {
    if (answers[field] === "") problems.push({ field, text });
  };
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(answers.email)) {
    problems.push({ field: "email", text: "Enter an e-mail address, like name@example.org" });
  }
  wanted("name", "Enter the name on the card");
  if (collected !== null) {
    wanted("recipient", "Enter who it is for");
    wanted("line1", "Enter the street and number");
    wanted("city", "Enter the city");
    wanted("state", "Enter the province or state");
    wanted("postalCode", "Enter the postal code");
    if (!collected.allowed_countries.includes(answers.country))
      problems.push({ field: "country", text: "Choose a country" });
  }
  const { email, name, card } = answers;
  if (problems.length > 0 || !isCard(card) || (session.mode === "subscription" && isDebit(card))) return problems;
  const { presentment, promotionCode } = answers;
  return {
    email,
    name,
    card,
    shipping: collected === null ? null : shippingOf(answers),
    presentment,
    promotionCode: session.allow_promotion_codes === true && promotionCode !== "" ? promotionCode : undefined,
  };
}

function shippingOf({ recipient, line1, line2, city, state, postalCode, country }: Answers): Payer["shipping"] {
  const address = { line1, line2: line2 === "" ? null : line2, city, state, postal_code: postalCode, country };
  return { name: recipient, address };
}
