/** Derivations: why a statement about a problem holds, or where the proof breaks. Made by analyses, shown by `blo explain`. */
import type { Span } from "./span.js";

/** A derivation: a statement, and the statements it follows from. */
export interface Derivation {
  readonly statement: string;
  /** The rule or reason, a few words. */
  readonly rule?: string;
  readonly premises: readonly Derivation[];
  /** The place in the source that the statement is about. */
  readonly span?: Span;
  /** True where this is what breaks the proof. */
  readonly breaks?: boolean;
}
