// Prints "N passed, N failed" from the results of the last test run; no result is a failure.
import { readFileSync } from "node:fs";

const RESULTS = "node_modules/.cache/repro-gate/test-results.json";

try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(RESULTS, "utf8"));
  // A file that cannot even be loaded has no tests to fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  // No test at all is a failure as well.
  const failed = numFailedTests + broken.length + (numPassedTests === 0 ? 1 : 0);
  console.log(`${numPassedTests} passed, ${failed} failed`);
  process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1;
} catch (error) {
  console.log(`No test results: ${error.message}`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
