/** The caller's parameter values by name; names that the problem does not declare are reported. */
import { closest } from "../base/suggest.js";
import type { ElaborateOptions } from "./elaborate.js";
import type { Findings } from "./findings.js";
import type { ParameterValue } from "./overrides.js";
import type { Symbols } from "./symbols.js";

export function givenParameters(
  params: ElaborateOptions["params"],
  symbols: Symbols,
  findings: Findings,
): ReadonlyMap<string, ParameterValue> {
  const entries: [string, ParameterValue][] = params instanceof Map ? [...params] : Object.entries(params ?? {});
  const declared = [...symbols.file.values()].filter((s) => s.kind === "param").map((s) => s.name);
  const given = new Map<string, ParameterValue>();
  for (const [name, value] of entries) {
    if (declared.includes(name)) given.set(name, value);
    else findings.report("BLO0212", { name, declared, suggestion: closest(name, declared) });
  }
  return given;
}
