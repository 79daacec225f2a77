/** What a compiled rule of grammar/blo.ne is; grammar.gen.ts is a list of them. */
import type { Parts } from "./nodes.js";

/** A terminal: a kind of token, or a token by its canonical text. */
export type Terminal = { readonly type: string } | { readonly literal: string };

export interface GrammarRule {
  readonly name: string;
  readonly symbols: readonly (string | Terminal)[];
  readonly postprocess: (parts: Parts) => unknown;
}
