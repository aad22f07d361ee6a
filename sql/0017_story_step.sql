-- What of the demo's story has been played, so that a stopped demo goes on where it ended and plays nothing twice. It
-- stands beside the Stripe stand-in: nothing of the books refers to it.
create table sandbox.story_step (
  key text primary key,
  played_at timestamptz not null default now()
);
