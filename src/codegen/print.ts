/**
 * Prints terms. A term read once is written in place; one read more often, hoisted out of a loop, or grown long becomes
 * a local of the loop level it depends on. Whoever uses it counts all reads first (`demand`), then asks for texts.
 */
import { helperFunctions } from "./rules.js";
import type { Term } from "./terms.js";

/** Operators in one expression before it is put into a local. */
const longest = 24;

export interface Placed {
  readonly text: string;
  readonly strength: number;
  readonly operators: number;
  readonly uses: ReadonlySet<string>;
}

/** Where definitions of locals go: one list per loop level. */
export type Define = (depth: number, name: string, text: string, uses: ReadonlySet<string>) => void;

const atomStrength = 4;
const nothing: ReadonlySet<string> = new Set();

export class Printer {
  private readonly demands = new Map<Term, number>();
  private readonly done = new Map<Term, Placed>();
  /** Helper functions that the printed text calls. */
  readonly helpers = new Set<string>();

  /** `prefix` and a counter make the names of locals. */
  constructor(
    private readonly define: Define,
    private readonly fresh: () => string,
  ) {}

  /** Notes that `term` will be asked for once more. */
  demand(term: Term, times = 1): void {
    const before = this.demands.get(term) ?? 0;
    this.demands.set(term, before + times);
    if (before === 0 && term.rule) {
      const reads = term.rule.reads;
      term.args.forEach((arg, i) => {
        this.demand(arg, reads[i]);
      });
    }
  }

  /** The text of a demanded term, for use at loop level `depth`. */
  text(term: Term, depth: number): Placed {
    const known = this.done.get(term);
    if (known) return known;
    if (term.kind === "number") {
      const strength = term.text.startsWith("-") ? 3 : atomStrength;
      return { text: term.text, strength, operators: 0, uses: nothing };
    }
    if (term.atom) return { text: term.text, strength: atomStrength, operators: 0, uses: new Set(term.mentions) };
    const placed = term.rule ? this.operator(term) : this.element(term);
    const shared = (this.demands.get(term) ?? 0) > 1;
    if (!shared && term.depth >= depth && placed.operators <= longest) return placed;
    const name = this.fresh();
    this.define(term.depth, name, placed.text, placed.uses);
    const local: Placed = { text: name, strength: atomStrength, operators: 0, uses: new Set([name]) };
    this.done.set(term, local);
    return local;
  }

  private element(term: Term): Placed {
    return { text: term.text, strength: atomStrength, operators: 1, uses: new Set(term.mentions) };
  }

  private operator(term: Term): Placed {
    const rule = term.rule!;
    for (const name of rule.helpers) if (helperFunctions.has(name)) this.helpers.add(name);
    const parts = term.args.map((arg) => this.text(arg, term.depth));
    let operators = 1;
    const uses = new Set<string>();
    for (const part of parts) {
      operators += part.operators;
      for (const name of part.uses) uses.add(name);
    }
    const text = basic(rule.name, rule.strength, parts) ?? general(rule.pieces, parts);
    return { text, strength: rule.strength, operators, uses };
  }
}

/** + - * / and the sign, with brackets only where they are needed. */
function basic(name: string, strength: number, parts: readonly Placed[]): string | undefined {
  const [a, b] = parts;
  const wrap = (part: Placed, least: number) => (part.strength >= least ? part.text : `(${part.text})`);
  switch (name) {
    case "neg":
      return `-${wrap(a, atomStrength)}`;
    case "add":
      return `${wrap(a, strength)} + ${wrap(b, strength + 1)}`;
    case "sub":
      return `${wrap(a, strength)} - ${wrap(b, strength + 1)}`;
    case "mul":
      return `${wrap(a, strength)} * ${wrap(b, strength + 1)}`;
    case "div":
      return `${wrap(a, strength)} / ${wrap(b, strength + 1)}`;
    default:
      return undefined;
  }
}

function general(pieces: readonly (string | number)[], parts: readonly Placed[]): string {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else text += parts[piece].strength === atomStrength ? parts[piece].text : `(${parts[piece].text})`;
  }
  return text;
}
