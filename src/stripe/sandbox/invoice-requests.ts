import type Stripe from "stripe";
import { z } from "zod";
import { billOf, collect, issue, paidUp } from "./bill.ts";
import type { Bill } from "./bill.ts";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange } from "./entry.ts";
import { badRequest, cardDeclined } from "./error.ts";
import { listed } from "./list.ts";
import { flag, page, text } from "./parameter.ts";
import { ended, locksOf } from "./renew.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";

const path = "/v1/invoices";

type Step = (scope: Scope, change: Change, bill: Bill) => Stripe.Invoice;

/** Does something to an invoice that is not over yet. */
const step = (name: string, run: Step): Endpoint =>
  action(`${path}/:id/${name}`, {}, async (scope, _, id) => changeInvoice(scope, id, run));

/** `refuses` says of which answer the request is refused after all: what happened is kept, and the answer is not. */
async function changeInvoice(
  scope: Scope,
  id: string,
  run: Step,
  refuses: (invoice: Stripe.Invoice) => boolean = () => false,
): Promise<Stripe.Invoice> {
  return await scope.locked(await locksOf(scope, id), async () => {
    const bill = await billOf(scope, id);
    const change = emptyChange();
    const after = run(scope, change, bill);
    await scope.save(change, refuses(after) ? undefined : after);
    return after;
  });
}

function checkOpen({ status, id }: Stripe.Invoice): void {
  if (status === "paid") throw badRequest({ message: "Invoice is already paid" });
  if (status === "void" || status === "uncollectible")
    throw badRequest({ message: `Invoice ${id} can't be paid because its status is ${status}.` });
}

const payShape = {
  paid_out_of_band: flag.optional(),
  payment_method: text(255).optional(),
} satisfies Partial<Record<keyof Stripe.InvoicePayParams, unknown>>;

const isUnpaid = ({ status }: Stripe.Invoice): boolean => status !== "paid";

const pay = action(`${path}/:id/pay`, payShape, async (scope, { paid_out_of_band: isOutOfBand = false }, id) => {
  const run: Step = (within, change, known) => {
    checkOpen(known.invoice);
    const bill = known.invoice.status === "draft" ? issue(within, change, known) : known;
    if (bill.invoice.status === "paid") return bill.invoice;
    return isOutOfBand ? paidElsewhere(within, change, bill) : tried(within, change, bill);
  };
  const after = await changeInvoice(scope, id, run, isUnpaid);
  if (isUnpaid(after)) throw cardDeclined(null);
  return after;
});

/** Cash or a transfer: the invoice is paid, and Stripe has no money of it. */
function paidElsewhere(scope: Scope, change: Change, bill: Bill): Stripe.Invoice {
  const { amount_remaining: rest, amount_paid: before, amount_paid_off_stripe: off = 0 } = bill.invoice;
  const invoice = {
    ...bill.invoice,
    amount_paid: before + rest,
    amount_paid_off_stripe: off + rest,
    amount_remaining: 0,
  };
  return paidUp(scope, change, { ...bill, invoice }).invoice;
}

function tried(scope: Scope, change: Change, bill: Bill): Stripe.Invoice {
  const payer = bill.subscription.hidden?.payer;
  return payer === undefined ? bill.invoice : collect(scope, change, bill, payer, false).invoice;
}

const finalize = step("finalize", (scope, change, bill) => {
  if (bill.invoice.status !== "draft") throw badRequest({ message: "This invoice is already finalized." });
  return issue(scope, change, bill).invoice;
});

const voided = step("void", (scope, change, { invoice }) => {
  checkOpen(invoice);
  return ended(scope, change, invoice, "void");
});

const uncollectible = step("mark_uncollectible", (scope, change, { invoice }) => {
  checkOpen(invoice);
  return ended(scope, change, invoice, "uncollectible");
});

const lines: Endpoint = {
  method: "GET",
  path: `${path}/:id/lines`,
  schema: z.strictObject(page),
  async run(scope, parameters, id) {
    await need(scope, "invoice", id, "invoice");
    const { expand: _, ...cursor } = parameters as z.output<z.ZodObject<typeof page>>;
    const request = { kind: "line_item", filters: { invoice: id }, order: "oldest first", ...cursor } as const;
    return await listed(scope, `${path}/${id}/lines`, request);
  },
};

export const invoiceEndpoints: Endpoint[] = [
  pay,
  finalize,
  voided,
  uncollectible,
  lines,
  retrieval("invoice", path),
  listing("invoice", path, filters("customer", "status", "subscription", "collection_method")),
];
