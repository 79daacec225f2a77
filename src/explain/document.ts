/**
 * What `blo explain` says, as data: sections of blocks, made by topics (a file each) and written by renderers (terminal text, LaTeX,
 * HTML). A topic never formats; a renderer knows nothing of problems.
 */
import type { Derivation } from "../base/derivation.js";

/** A formula in TeX (math mode, no delimiters) and as plain text in the notation of the language. */
export interface Formula {
  readonly tex: string;
  readonly text: string;
}

export type Block =
  | { readonly kind: "text"; readonly text: string }
  /** `left = right`, or a formula alone; `name` is a caption such as "hypergradient". */
  | { readonly kind: "formula"; readonly name?: string; readonly formula: Formula }
  /** An algorithm in the notation of its record, a line each; shown as it is. */
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  /** Rows of term, value and reason. */
  | { readonly kind: "facts"; readonly rows: readonly Fact[] }
  | { readonly kind: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "derivation"; readonly derivation: Derivation };

export interface Fact {
  readonly term: string;
  readonly value: string;
  readonly why?: string;
  /** Good, bad or neutral news: renderers may mark it. */
  readonly mood?: "good" | "bad";
}

export interface Section {
  /** In lower case with hyphens; also what `--only` takes. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}
