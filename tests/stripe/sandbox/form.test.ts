import { expect, test } from "vitest";
import { Refusal } from "../../../src/stripe/sandbox/error.ts";
import { parseForm } from "../../../src/stripe/sandbox/form.ts";

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text)));

test("brackets become groups and lists, as the SDK writes them", () => {
  expect(
    plain("mode=payment&line_items[0][quantity]=2&line_items[0][price_data][currency]=cad&line_items[1][price]=p"),
  ).toEqual({
    mode: "payment",
    line_items: [{ quantity: "2", price_data: { currency: "cad" } }, { price: "p" }],
  });
});

test("empty brackets append, a question mark before the query is no part of it", () => {
  expect(plain("?types[]=a&types[]=b&created[gte]=5")).toEqual({ types: ["a", "b"], created: { gte: "5" } });
});

test("letters are decoded, a NUL becomes a replacement character", () => {
  expect(plain("metadata%5Bnote%5D=caf%C3%A9+%26+t%00")).toEqual({ metadata: { note: "café & t\ufffd" } });
});

test("names like __proto__ are plain names and change nothing else", () => {
  const form = parseForm("metadata[__proto__]=x&__proto__[polluted]=1");
  expect(Object.keys(form)).toEqual(["metadata", "__proto__"]);
  expect("polluted" in {}).toBe(false);
});

test.each(["a[b=1", "a]b=1", "[a]=1", "a=1&a[b]=2", "a[b]=2&a=1", `a${"[b]".repeat(11)}=1`])(
  "%s is refused",
  (text) => {
    expect(() => parseForm(text)).toThrow(Refusal);
  },
);
