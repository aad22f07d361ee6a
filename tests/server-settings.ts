/** What a PostgreSQL for tests alone is told: it need not survive a power cut, and plans each statement once. */
export const serverSettings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  // Most of a test's time went into planning the views anew for a handful of rows, each time and after each analyze.
  plan_cache_mode: "force_generic_plan",
  autovacuum: "off",
};
