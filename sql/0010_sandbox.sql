-- What the Stripe stand-in remembers. Nothing of the books refers to it: it is the other side of the wire, and only
-- there when no Stripe key is set.

create table sandbox_account (
  slug text primary key,
  webhook_secret text not null
);

-- One row a Stripe object. Lists go by (created, position), newest first; position tells apart what came in one second.
create table sandbox_object (
  id text not null,
  account text not null,
  kind text not null,
  created bigint not null,
  position bigint generated always as identity,
  keys text[] not null,
  doc jsonb not null,
  constraint a_sandbox_object_is_kept_once primary key (id, account)
);
create index sandbox_object_in_order on sandbox_object (account, kind, created, position);
create index sandbox_object_by_key on sandbox_object using gin (keys);

-- What is still to happen: 'deliver' is due on the real clock, everything else on the sandbox's.
create table sandbox_task (
  account text not null,
  kind text not null constraint a_sandbox_task_is_of_a_known_kind
    check (kind in ('settle', 'expire', 'clear', 'renew', 'collect', 'pay out', 'arrive', 'deliver')),
  id text not null,
  due_at timestamptz not null,
  tries bigint not null,
  constraint a_sandbox_task_is_planned_once primary key (account, kind, id)
);
create index sandbox_task_when_due on sandbox_task (kind, due_at);

-- Answers to requests with an idempotency key, replayed word for word for a day.
create table sandbox_answer (
  account text not null,
  key text not null,
  request text not null,
  body text not null,
  at timestamptz not null,
  constraint an_idempotency_key_has_one_answer primary key (account, key)
);
create index sandbox_answer_by_age on sandbox_answer (at);
