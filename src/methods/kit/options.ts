/** Reading a method's parameters as typed values: the loop has checked types and ranges and filled in defaults. */
import type { MethodContext } from "../method.js";

/** The number given, or undefined where the method is to choose. */
export function given(context: MethodContext, name: string): number | undefined {
  const value = context.parameters[name];
  return typeof value === "number" ? value : undefined;
}

/** The number given, or `otherwise`. */
export function numberOr(context: MethodContext, name: string, otherwise: number): number {
  return given(context, name) ?? otherwise;
}

export function flag(context: MethodContext, name: string, otherwise = false): boolean {
  const value = context.parameters[name];
  return typeof value === "boolean" ? value : otherwise;
}

export function choice(context: MethodContext, name: string, otherwise: string): string {
  const value = context.parameters[name];
  return typeof value === "string" ? value : otherwise;
}

/** True if any of these was given: the run then follows the published loop with those constants. */
export function anyGiven(context: MethodContext, names: readonly string[]): boolean {
  return names.some((name) => context.parameters[name] !== undefined);
}
