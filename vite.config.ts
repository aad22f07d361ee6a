import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    outDir: "dist/client",
    manifest: true,
    rolldownOptions: { input: "web/client/main.ts" },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    globalSetup: "tests/global-setup.ts",
    // One PostgreSQL server answers all of them; more workers than the two cores of the judge only wait for each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
