-- How two facts of one Stripe object become one (the rules stand in 0003), and how a batch of facts enters.

-- True when either row already contradicted itself, or the two know different values of what is known once; else null,
-- so that a row without contradiction looks the same whether it was ever joined or not.
create function contradiction(p_a boolean, p_b boolean, p_differ boolean) returns boolean
language sql immutable parallel safe as $$
  select case when coalesce(p_a, false) or coalesce(p_b, false) or coalesce(p_differ, false) then true end
$$;

-- The database runs these a few times as fast in plpgsql, which keeps what it has prepared.
create function stripe_charge_join(a stripe_charge, b stripe_charge) returns stripe_charge
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.currency <> b.currency or a.payment_intent <> b.payment_intent
      or a.balance_transaction <> b.balance_transaction or a.created <> b.created),
    further(a.status, charge_rank(a.status), b.status, charge_rank(b.status)),
    a.captured or b.captured,
    least(a.amount_minor, b.amount_minor),
    greatest(a.amount_captured_minor, b.amount_captured_minor),
    greatest(a.currency, b.currency),
    least(a.created, b.created),
    greatest(a.payment_intent, b.payment_intent),
    greatest(a.customer, b.customer),
    greatest(a.balance_transaction, b.balance_transaction),
    standing(a.fetched_at, a.billing, b.fetched_at, b.billing),
    standing(a.fetched_at, a.receipt_email, b.fetched_at, b.receipt_email),
    standing(a.fetched_at, a.description, b.fetched_at, b.description),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata)
  )::stripe_charge;
end $$;

create function stripe_payment_intent_join(a stripe_payment_intent, b stripe_payment_intent) returns stripe_payment_intent
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts, a.currency <> b.currency or a.created <> b.created),
    further(a.status, payment_intent_rank(a.status), b.status, payment_intent_rank(b.status)),
    least(a.amount_minor, b.amount_minor),
    greatest(a.currency, b.currency),
    least(a.created, b.created),
    standing(a.fetched_at, a.latest_charge, b.fetched_at, b.latest_charge),
    greatest(a.customer, b.customer),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata)
  )::stripe_payment_intent;
end $$;

create function stripe_checkout_session_join(a stripe_checkout_session, b stripe_checkout_session)
returns stripe_checkout_session language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.payment_intent <> b.payment_intent or a.currency <> b.currency or a.mode <> b.mode or a.created <> b.created),
    further(a.status, session_rank(a.status), b.status, session_rank(b.status)),
    further(a.payment_status, session_payment_rank(a.payment_status), b.payment_status, session_payment_rank(b.payment_status)),
    greatest(a.mode, b.mode),
    greatest(a.payment_intent, b.payment_intent),
    greatest(a.customer, b.customer),
    standing(a.fetched_at, a.amount_total_minor, b.fetched_at, b.amount_total_minor),
    standing(a.fetched_at, a.shipping_minor, b.fetched_at, b.shipping_minor),
    greatest(a.currency, b.currency),
    least(a.created, b.created),
    standing(a.fetched_at, a.customer_details, b.fetched_at, b.customer_details),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata),
    greatest(a.subscription, b.subscription),
    greatest(a.invoice, b.invoice)
  )::stripe_checkout_session;
end $$;

create function stripe_line_item_join(a stripe_line_item, b stripe_line_item) returns stripe_line_item
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts, a.session <> b.session or a.currency <> b.currency),
    greatest(a.session, b.session),
    standing(a.fetched_at, a.position, b.fetched_at, b.position),
    standing(a.fetched_at, a.description, b.fetched_at, b.description),
    standing(a.fetched_at, a.quantity, b.fetched_at, b.quantity),
    standing(a.fetched_at, a.amount_total_minor, b.fetched_at, b.amount_total_minor),
    greatest(a.currency, b.currency),
    standing(a.fetched_at, a.price, b.fetched_at, b.price),
    standing(a.fetched_at, a.product, b.fetched_at, b.product),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata)
  )::stripe_line_item;
end $$;

create function stripe_refund_join(a stripe_refund, b stripe_refund) returns stripe_refund
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.currency <> b.currency or a.charge <> b.charge
      or a.payment_intent <> b.payment_intent or a.balance_transaction <> b.balance_transaction or a.created <> b.created),
    further(a.status, refund_rank(a.status), b.status, refund_rank(b.status)),
    greatest(a.charge, b.charge),
    greatest(a.payment_intent, b.payment_intent),
    least(a.amount_minor, b.amount_minor),
    greatest(a.currency, b.currency),
    least(a.created, b.created),
    greatest(a.balance_transaction, b.balance_transaction),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata),
    greatest(a.failure_balance_transaction, b.failure_balance_transaction)
  )::stripe_refund;
end $$;

-- Amount, fee and net belong together: the row with the least amount stands whole.
create function stripe_balance_transaction_join(a stripe_balance_transaction, b stripe_balance_transaction)
returns stripe_balance_transaction language sql immutable strict parallel safe as $$
  select row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.fee_minor <> b.fee_minor or a.currency <> b.currency or a.source <> b.source),
    greatest(a.source, b.source),
    greatest(a.type, b.type),
    m.amount_minor, m.fee_minor, m.net_minor,
    greatest(a.currency, b.currency),
    greatest(a.exchange_rate, b.exchange_rate),
    least(a.created, b.created),
    greatest(a.reporting_category, b.reporting_category)
  )::stripe_balance_transaction
  from (
    values (a.amount_minor, a.fee_minor, a.net_minor), (b.amount_minor, b.fee_minor, b.net_minor)
    order by 1, 2, 3 limit 1
  ) m (amount_minor, fee_minor, net_minor)
$$;

create function stripe_customer_join(a stripe_customer, b stripe_customer) returns stripe_customer
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    null::boolean,
    standing(a.fetched_at, a.details, b.fetched_at, b.details)
  )::stripe_customer;
end $$;

create function stripe_invoice_join(a stripe_invoice, b stripe_invoice) returns stripe_invoice
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.currency <> b.currency or a.subscription <> b.subscription or a.created <> b.created),
    further(a.status, invoice_rank(a.status), b.status, invoice_rank(b.status)),
    greatest(a.billing_reason, b.billing_reason),
    greatest(a.subscription, b.subscription),
    greatest(a.customer, b.customer),
    standing(a.fetched_at, a.customer_email, b.fetched_at, b.customer_email),
    greatest(a.currency, b.currency),
    standing(a.fetched_at, a.total_minor, b.fetched_at, b.total_minor),
    greatest(a.attempt_count, b.attempt_count),
    standing(a.fetched_at, a.next_attempt_at, b.fetched_at, b.next_attempt_at),
    least(a.created, b.created),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata)
  )::stripe_invoice;
end $$;

create function stripe_invoice_payment_join(a stripe_invoice_payment, b stripe_invoice_payment) returns stripe_invoice_payment
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.invoice <> b.invoice or a.payment_intent <> b.payment_intent or a.charge <> b.charge),
    greatest(a.invoice, b.invoice),
    further(a.status, invoice_payment_rank(a.status), b.status, invoice_payment_rank(b.status)),
    greatest(a.payment_intent, b.payment_intent),
    greatest(a.charge, b.charge),
    greatest(a.amount_paid_minor, b.amount_paid_minor)
  )::stripe_invoice_payment;
end $$;

create function stripe_subscription_join(a stripe_subscription, b stripe_subscription) returns stripe_subscription
language plpgsql immutable strict parallel safe as $$
declare
  v_a_rank bigint := subscription_rank(a.status);
  v_b_rank bigint := subscription_rank(b.status);
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts, a.created <> b.created),
    case when v_a_rank > v_b_rank then a.status when v_a_rank < v_b_rank then b.status
      else standing(a.status_fetched_at, a.status, b.status_fetched_at, b.status) end,
    greatest(a.customer, b.customer),
    standing(a.fetched_at, a.currency, b.fetched_at, b.currency),
    standing(a.fetched_at, a.amount_minor, b.fetched_at, b.amount_minor),
    standing(a.fetched_at, a.every, b.fetched_at, b.every),
    least(a.created, b.created),
    standing(a.fetched_at, a.cancel_at, b.fetched_at, b.cancel_at),
    greatest(a.ended_at, b.ended_at),
    standing(a.fetched_at, a.metadata, b.fetched_at, b.metadata),
    case when v_a_rank > v_b_rank then a.status_fetched_at when v_a_rank < v_b_rank then b.status_fetched_at
      else greatest(a.status_fetched_at, b.status_fetched_at) end
  )::stripe_subscription;
end $$;

create function stripe_dispute_join(a stripe_dispute, b stripe_dispute) returns stripe_dispute
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.currency <> b.currency or a.charge <> b.charge or a.created <> b.created),
    greatest(a.charge, b.charge),
    greatest(a.payment_intent, b.payment_intent),
    standing(a.fetched_at, a.status, b.fetched_at, b.status),
    greatest(a.reason, b.reason),
    least(a.amount_minor, b.amount_minor),
    greatest(a.currency, b.currency),
    least(a.created, b.created)
  )::stripe_dispute;
end $$;

create aggregate stripe_charge_fold(stripe_charge) (sfunc = stripe_charge_join, stype = stripe_charge);
create aggregate stripe_payment_intent_fold(stripe_payment_intent)
  (sfunc = stripe_payment_intent_join, stype = stripe_payment_intent);
create aggregate stripe_checkout_session_fold(stripe_checkout_session)
  (sfunc = stripe_checkout_session_join, stype = stripe_checkout_session);
create aggregate stripe_line_item_fold(stripe_line_item) (sfunc = stripe_line_item_join, stype = stripe_line_item);
create aggregate stripe_refund_fold(stripe_refund) (sfunc = stripe_refund_join, stype = stripe_refund);
create aggregate stripe_balance_transaction_fold(stripe_balance_transaction)
  (sfunc = stripe_balance_transaction_join, stype = stripe_balance_transaction);
create aggregate stripe_customer_fold(stripe_customer) (sfunc = stripe_customer_join, stype = stripe_customer);
create aggregate stripe_invoice_fold(stripe_invoice) (sfunc = stripe_invoice_join, stype = stripe_invoice);
create aggregate stripe_invoice_payment_fold(stripe_invoice_payment)
  (sfunc = stripe_invoice_payment_join, stype = stripe_invoice_payment);
create aggregate stripe_subscription_fold(stripe_subscription) (sfunc = stripe_subscription_join, stype = stripe_subscription);
create aggregate stripe_dispute_fold(stripe_dispute) (sfunc = stripe_dispute_join, stype = stripe_dispute);
