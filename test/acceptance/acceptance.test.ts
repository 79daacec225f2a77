/** Every published setting leads to what it is said to lead to. */
import { describe, expect, test } from "vitest";
import { rows } from "./rows.js";
import { runRow } from "./runRow.js";

describe("acceptance matrix", () => {
  test.each(rows.map((row) => [`${row.method} on ${row.problem} ${JSON.stringify(row.options)}`, row] as const))(
    "%s",
    async (_, row) => {
      for (const { seed, misses } of await runRow(row)) expect({ seed, misses }).toEqual({ seed, misses: [] });
    },
  );
});
