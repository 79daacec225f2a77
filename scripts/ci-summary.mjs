/** Prints the counts of a vitest JSON report on a line of their own: `tests: N passed, N failed[, N skipped]`. */
import { readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
let report;
try {
  report = JSON.parse(readFileSync(file, "utf8"));
} catch (error) {
  console.error(`no test report: ${error.message}`);
  process.exit(1);
}
// A file that cannot be collected has no test of its own that failed: it counts as one.
const broken = report.testResults.filter(
  (f) => f.status === "failed" && !f.assertionResults.some((t) => t.status === "failed"),
);
const failed = report.numFailedTests + broken.length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`tests: ${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1;
