/** One code of the catalogue: its severity, its message as a function of typed parameters, and the page about it. */
export interface Entry<P> {
  readonly severity: "error" | "warning" | "info";
  /** Short name of the condition, as a heading. */
  readonly title: string;
  readonly message: (parameters: P) => string;
  /** What to do, where it is the same each time. */
  readonly hint?: string;
  /** The page `blo explain CODE` prints: what it means, why it is so, a wrong and a mended example (Markdown). */
  readonly page: string;
}

/** Keeps the parameter type of each entry while checking the rest. */
export function entry<P = Record<string, never>>(e: Entry<P>): Entry<P> {
  return e;
}
