import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    outDir: "dist/client",
    manifest: true,
    // The style uses light-dark() as it stands; older browsers would get twice the rules and worse colours.
    target: ["chrome123", "edge123", "firefox125", "safari17.5"],
    // Nothing as a data: address, which the content security policy refuses, and no inline polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: "web/client/main.ts" },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/seed.ts"],
    globalSetup: ["tests/global-setup.ts", "tests/browser/global-setup.ts"],
    // One PostgreSQL server answers all of them; more workers than the two cores of the judge only wait for each other.
    maxWorkers: 2,
    // Only what a browser on a busy machine did not get done in time is tried once more; whatever is wrong stays wrong.
    retry: { count: 1, condition: /Timeout \d+ms exceeded/u },
    // Whoever tests brings what is needed as an argument, and nothing is kept between files: each module is read once a worker.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
