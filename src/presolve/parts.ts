/**
 * The parts of the lower levels that do not meet: lower variables' entries fall into groups such that each term of an objective
 * and each row of a constraint reads entries of one group only. Each group is a lower level by itself.
 */
import { type Node, sizeOf } from "../expr/node.js";
import type { Constraint, LevelModel, Problem, Variable } from "../model/problem.js";
import { readsOf } from "../model/reads.js";

/** factor times node is a term of the follower's objective. */
export interface ObjectiveTerm {
  readonly follower: LevelModel;
  readonly factor: number;
  readonly node: Node;
}

export interface Part {
  /** Entries of y, increasing. */
  readonly entries: Int32Array;
  readonly variables: readonly Variable[];
  readonly terms: readonly ObjectiveTerm[];
  readonly constraints: readonly Constraint[];
}

export interface Parts {
  readonly parts: readonly Part[];
  /** Terms of objectives that read no lower variable. */
  readonly rest: readonly ObjectiveTerm[];
}

const known = new WeakMap<Problem, Parts>();

export function partsOf(problem: Problem): Parts {
  let found = known.get(problem);
  if (found === undefined) {
    found = find(problem);
    known.set(problem, found);
  }
  return found;
}

function find(problem: Problem): Parts {
  const { y, lowers } = problem;
  const groups = new Groups(y.size);
  const terms = lowers.flatMap((follower) => termsOf(follower));
  const reads = terms.map((t) => positions(readsOf([t.node], y)));
  for (const read of reads) groups.join(read);
  const constraints = lowers.flatMap((l) => l.constraints);
  const rows = constraints.map((c) => positions(readsOf([c.body], y)));
  for (const read of rows) groups.join(read);
  // variables stay whole where their domain links their entries
  const variables = lowers.flatMap((l) => l.variables);
  for (const v of variables)
    if (v.domain.kind === "ball" || v.domain.kind === "simplex")
      groups.join(Array.from({ length: v.size }, (_, k) => v.offset + k));
  const parts = groups.all().map((entries): Part => {
    const inside = (read: readonly number[]): boolean => read.length > 0 && entries.includes(read[0]);
    return {
      entries,
      variables: variables.filter((v) => entries.some((k) => k >= v.offset && k < v.offset + v.size)),
      terms: terms.filter((_, i) => inside(reads[i])),
      constraints: constraints.filter((_, i) => inside(rows[i])),
    };
  });
  return { parts, rest: terms.filter((_, i) => reads[i].length === 0) };
}

/** The sum of terms that an objective is at its top. */
function termsOf(follower: LevelModel): ObjectiveTerm[] {
  const found: ObjectiveTerm[] = [];
  const stack: { node: Node; factor: number }[] = [{ node: follower.objective, factor: 1 }];
  while (stack.length > 0) {
    const { node, factor } = stack.pop()!;
    const [a, c] = node.args;
    if (node.shape.length > 0) found.push({ follower, factor, node });
    else if (node.op === "add") stack.push({ node: c, factor }, { node: a, factor });
    else if (node.op === "sub") stack.push({ node: c, factor: -factor }, { node: a, factor });
    else if (node.op === "neg") stack.push({ node: a, factor: -factor });
    else if (node.op === "mul" && a.op === "constant") stack.push({ node: c, factor: factor * a.attributes.value! });
    else if (node.op === "div" && c.op === "constant") stack.push({ node: a, factor: factor / c.attributes.value! });
    else if (node.op === "reshape" && sizeOf(a.shape) === 1 && a.shape.length === 0) stack.push({ node: a, factor });
    else found.push({ follower, factor, node });
  }
  return found;
}

/** The sum of factor times node; 0 where there are none. */
export function sumOfTerms(problem: Problem, terms: readonly ObjectiveTerm[]): Node {
  const { builder: b } = problem;
  let sum: Node | undefined;
  for (const { factor, node } of terms) {
    const size = Math.abs(factor);
    const term = size === 1 ? node : b.mul(b.constant(size), node);
    if (sum === undefined) sum = factor < 0 ? b.neg(term) : term;
    else sum = factor < 0 ? b.sub(sum, term) : b.add(sum, term);
  }
  return sum ?? b.constant(0);
}

/** Objectives of all followers without the terms of the given parts. */
export function objectivesWithout(problem: Problem, gone: readonly Part[]): ReadonlyMap<LevelModel, Node> {
  const lost = new Set(gone.flatMap((p) => p.terms));
  const { parts, rest } = partsOf(problem);
  const terms = [...parts.flatMap((p) => p.terms), ...rest];
  const touched = new Set([...lost].map((t) => t.follower));
  return new Map(
    [...touched].map((l) => [
      l,
      sumOfTerms(
        problem,
        terms.filter((t) => t.follower === l && !lost.has(t)),
      ),
    ]),
  );
}

function positions(read: Uint8Array): number[] {
  const found: number[] = [];
  read.forEach((r, k) => {
    if (r === 1) found.push(k);
  });
  return found;
}

/** Disjoint sets of positions. */
class Groups {
  private readonly parent: Int32Array;

  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, k) => k);
  }

  private root(k: number): number {
    let at = k;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]];
      at = this.parent[at];
    }
    return at;
  }

  join(positions: readonly number[]): void {
    for (const k of positions) this.parent[this.root(k)] = this.root(positions[0]);
  }

  all(): Int32Array[] {
    const groups = new Map<number, number[]>();
    this.parent.forEach((_, k) => {
      const root = this.root(k);
      const group = groups.get(root);
      if (group) group.push(k);
      else groups.set(root, [k]);
    });
    return [...groups.values()].map((g) => Int32Array.from(g));
  }
}
