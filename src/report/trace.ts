/** The trace as lines of JSON (NDJSON): one object per iteration, for `--trace` and for plotting elsewhere. */
import type { TraceRow } from "../methods/result.js";

/** One line without its line break. Numbers that are not finite are null; extra numbers stand beside the others. */
export function traceLine(row: TraceRow): string {
  const { extra, ...own } = row;
  return JSON.stringify({ ...own, ...extra }, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? null : value,
  );
}
