/** Prints the acceptance matrix, or the rows of the methods named; exit code 1 if a row does not hold. */
import type { Row } from "./row.js";
import { rows } from "./rows.js";
import { runRow, type Verdict } from "./runRow.js";
import { acceptanceTable } from "./table.js";

const named = process.argv.slice(2);
const found: [Row, readonly Verdict[]][] = [];
for (const row of rows) {
  if (named.length === 0 || named.includes(row.method)) found.push([row, await runRow(row)]);
}
process.stdout.write(`${acceptanceTable(found)}\n`);
if (found.some(([, verdicts]) => verdicts.some((v) => v.misses.length > 0))) process.exitCode = 1;
