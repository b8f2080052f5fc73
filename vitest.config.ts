import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    env: { NO_COLOR: "1" },
    reporters: ["default", ["json", { outputFile: "node_modules/.cache/repro-gate/test-results.json" }]],
    projects: [
      {
        // Seconds, without MLflow.
        extends: true,
        test: {
          name: "fast",
          include: ["__tests__/**/*.test.ts"],
          exclude: ["__tests__/e2e/**", "__tests__/mlflow/**"],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // The real MLflow, which the set-up installs into a cached folder.
        extends: true,
        test: {
          name: "mlflow",
          include: ["__tests__/e2e/**/*.test.ts", "__tests__/mlflow/**/*.test.ts"],
          globalSetup: ["__tests__/support/mlflow-setup.ts"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
