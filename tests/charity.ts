import type { Sql } from "../src/db/connect.ts";
import { funds, takesPart } from "./history.ts";

/** The charity of the random histories: two organisations with an account each, three funds, a shop a account for the general fund. */
export async function setUpCharity(sql: Sql): Promise<void> {
  for (const number of [1, 2]) {
    await sql`
      insert into organisation (slug, name, legal_name, address, contact, time_zone)
      values (${`organisation-${number}`}, 'One', 'One', 'here', 'me', 'America/Toronto')`;
    await sql`insert into account (slug, organisation_id, position) values (${`account-${number}`}, ${number}, ${number})`;
  }
  for (const fund of funds) {
    await sql`insert into fund (slug, name) values (${fund}, ${fund})`;
    await sql`
      insert into fund_account (fund_id, account_id)
      select f.id, a.id from fund f cross join account a
      where f.slug = ${fund} and (${takesPart(fund, 2)} or a.id = 1)`;
  }
  await sql`
    insert into campaign (slug, fund_id, account_id, kind, name)
    select 'shop-' || a.id, f.id, a.id, 'merchandise', 'Shop' from account a cross join fund f where f.slug = 'general'`;
  await sql`insert into item (campaign_id, slug, name) select id, 'pin', 'Pin' from campaign`;
  await sql`insert into variant (item_id, slug, price_minor) select id, 'one', 500 from item`;
}

/** Takes every payment, gift, sale, fact, total and entry out of the database, so that one database serves many histories. */
export async function forgetPayments(owner: Sql): Promise<void> {
  await empty(owner, tables);
}

/**
 * Takes every row out of these tables, whatever guards them. Not by `truncate`: that makes new files, and every session
 * prepares its statements anew afterwards, which took a third of the time.
 * @param owner of a test server, where the owner may do anything
 * @param names of tables, with spaces between
 */
export async function empty(owner: Sql, names: string): Promise<void> {
  const deletes = names.split(/\s+/u).map((table) => `delete from ${table}`);
  await owner.unsafe(["set local session_replication_role = replica", ...deletes].join("; "));
}

const tables = `inbox ticket gift sale return_part payment cash_gift identity person dirty_payment fetch_need total
giving_day giving_month giving_day_month giving_month_day gift_size gift_band giver_year giver_year_sum top_sum top_sum_floor cohort item_total plan plan_total stripe_charge stripe_payment_intent stripe_checkout_session stripe_line_item stripe_refund
stripe_balance_transaction stripe_customer stripe_invoice stripe_invoice_payment stripe_subscription stripe_dispute
stripe_fetched stripe_payout stripe_payout_member stripe_balance stripe_moved sweep_state backfill period period_sum late_movement awaiting_fee
dirty_source journal_entry journal_line book_total promise_total payout_estimate suspense_assignment evidence money_move
money_move_line opening opening_line cash_sale correction shared_block shared_donors block_wait
spot_check spot_check_gift spot_check_tick`;
