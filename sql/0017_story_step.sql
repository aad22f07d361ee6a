-- What of the demo's story has been played, so that a stopped demo goes on where it ended and plays nothing twice. It
-- stands beside the Stripe stand-in: nothing of the books refers to it. A payment's session is noted before it is paid,
-- so that a demo stopped in between finds the session again and sees whether it was paid.
create table story_step (
  key text primary key,
  session_id text,
  played_at timestamptz
);
