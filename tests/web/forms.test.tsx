// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from "vitest";
import { countCharacters } from "../../web/client/characters.ts";
import { followGift } from "../../web/client/give.ts";
import { sendOnce } from "../../web/client/send-once.ts";
import { followOrder, orderSum } from "../../web/client/shop.ts";
import { dismissTerms } from "../../web/client/terms.ts";
import { emptyGive, GiveForm } from "../../web/parts/give-form.tsx";
import { emptyShop, ShopForm } from "../../web/parts/shop-form.tsx";
import { Term } from "../../web/parts/definition.tsx";
import { html } from "./render.ts";
import { families, shirts } from "./story.ts";

const order = "alm_0123456789abcdef01234567";
const find = (selector: string): HTMLInputElement => {
  const element = document.querySelector<HTMLInputElement>(selector);
  if (element === null) throw new Error(`there is no ${selector}`);
  return element;
};
const type = (selector: string, value: string) => {
  find(selector).value = value;
  find(selector).dispatchEvent(new Event("input", { bubbles: true }));
};
const said = (selector: string) => find(selector).textContent.replace(/\s+/gu, " ").trim();

/** Puts a part into the page, as the server writes it. */
function show(part: unknown): void {
  document.body.innerHTML = html(part);
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function openGive(): void {
  show(<GiveForm fund={families} form={{ order, values: emptyGive(families), errors: {}, cameBack: false }} />);
  followGift(document);
  countCharacters(document);
  sendOnce(document);
}

function openShop(): void {
  const form = { order, values: emptyShop(), errors: {}, quantityErrors: {}, cameBack: false };
  show(<ShopForm campaign={shirts} form={form} giftPresetsMinor={[500n, 1000n]} />);
  followOrder(document);
}

it("the button says what it will take, whichever way the amount is chosen", () => {
  openGive();
  expect(said("#give button")).toBe("Give $50.00 once");
  find("[name=amount][value='10000']").click();
  expect(said("#give button")).toBe("Give $100.00 once");
  type("#other", "1,234.5");
  expect(said("#give button")).toBe("Give $1,234.50 once");
  type("#other", "fifty");
  expect(said("#give button")).toBe("Give once");
});

it("the button says how often, and follows the choice", () => {
  openGive();
  find("[name=every][value=month]").click();
  expect(said("#give button")).toBe("Give $50.00 every month");
  type("#other", "20");
  expect(said("#give button")).toBe("Give $20.00 every month");
  find("[name=every][value=year]").click();
  expect(said("#give button")).toBe("Give $20.00 every year");
  find("[name=every][value=once]").click();
  expect(said("#give button")).toBe("Give $20.00 once");
});

it("a typed amount takes the mark off the tiles, and a tile empties the field", () => {
  openGive();
  type("#other", "12.50");
  expect(document.querySelector("[name=amount]:checked")).toBeNull();
  find("[name=amount][value='2500']").click();
  expect(find("#other").value).toBe("");
});

it("a note says how many characters are left, counted as people count them", () => {
  openGive();
  type("#note", "a".repeat(69));
  expect(said(".characters")).toBe("");
  type("#note", "😀".repeat(139));
  expect(said(".characters")).toBe("1 character left");
  type("#note", "a".repeat(142));
  expect(said(".characters")).toBe("2 characters too many");
});

it("a form is sent once, however often its button is pressed", () => {
  openGive();
  const form = find("#give");
  const press = () => {
    const event = new Event("submit", { cancelable: true });
    form.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect([press(), press(), press()]).toEqual([false, true, true]);
  expect(said("#give button")).toBe("Opening Stripe …");
});

it("an order is the sum of its pieces, its gift, and shipping once something is bought", () => {
  const lines = [
    { quantity: 2, priceMinor: 2500n },
    { quantity: 0, priceMinor: 300n },
  ];
  expect(orderSum(lines, 1000n, 1200n)).toEqual({ goods: 5000n, gift: 1000n, shipping: 1200n, total: 7200n });
  expect(orderSum([], 1000n, 1200n).total).toBe(1000n);
  expect(orderSum(lines, null, null).total).toBe(5000n);
});

it("the running total follows quantities, their buttons and the gift on top", () => {
  openShop();
  expect(find("[data-sum]").hidden).toBe(false);
  expect(said("[data-pay]")).toBe("Go to payment");
  type("[name='q.t-shirt.m']", "2");
  find("[aria-label='One more: Sticker: How many']").click();
  find("[name=gift][value='1000']").click();
  expect(["goods", "gift", "shipping", "total"].map((name) => said(`[data-sum-of=${name}]`))).toEqual([
    "$53.00",
    "$10.00",
    "$12.00",
    "$75.00",
  ]);
  expect(said("[data-pay]")).toBe("Pay $75.00");
  find("[aria-label='One fewer: Sticker: How many']").click();
  find("[aria-label='One fewer: Sticker: How many']").click();
  expect(find("[name='q.sticker.one']").value).toBe("0");
  expect(said("[data-sum-of=total]")).toBe("$72.00");
});

it("the total is read aloud at a pace that can be followed, the last one always", () => {
  openShop();
  for (const quantity of ["1", "2", "3", "4"]) type("[name='q.sticker.one']", quantity);
  expect(said("[data-announce]")).toBe("Total $15.00");
  vi.advanceTimersByTime(1_000);
  expect(said("[data-announce]")).toBe("Total $24.00");
});

it("Escape hides the meaning that focus has opened, until the word is left", () => {
  show(<Term of="raised" at="test" />);
  dismissTerms(document);
  const term = find("[data-term]");
  find("[data-term] a").focus();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect(term.dataset["dismissed"]).toBe("");
  find("[data-term] a").blur();
  expect(term.dataset["dismissed"]).toBeUndefined();
});
