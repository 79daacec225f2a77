/** Every piece of the catalogue states its facts, and a test file of its own kind names it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type PieceKind, pieceKinds, pieces } from "../../src/methods/pieces/catalogue.js";
import { root } from "../structure/source.js";

/** The file that tests the piece by its formula, and the words that it does it by. */
const tested: Readonly<Record<PieceKind, Readonly<Record<string, readonly [file: string, words: string]>>>> = {
  lower: {
    gradient: ["lower-maps", '["gradient"'],
    nesterov: ["lower-maps", '["nesterov'],
    "heavy-ball": ["lower-maps", '["heavy ball"'],
    aggregation: ["lower-maps", '["aggregation"'],
    proximal: ["lower-maps", '["proximal'],
  },
  estimator: {
    direct: ["estimators", "direct"],
    cg: ["estimators", "cg"],
    "fixed-point": ["estimators", "fixedPoint"],
    neumann: ["estimators", "neumann"],
    "random-neumann": ["estimators", "randomNeumann"],
    "minimum-norm": ["estimators", "minimumNorm"],
    shadow: ["estimators", "shadow"],
    clipped: ["estimators", "clipped"],
    reverse: ["unrolled-estimators", "reverse"],
    truncated: ["unrolled-estimators", "truncated"],
    forward: ["unrolled-estimators", "forward"],
    pessimistic: ["unrolled-estimators", "pessimistic"],
    selection: ["unrolled-estimators", "selection"],
    difference: ["estimators", "difference"],
    dropped: ["estimators", "dropped"],
    "zeroth-order": ["estimators", "zerothOrder"],
  },
  outer: {
    gradient: ["outer", "gradientStep"],
    adaptive: ["outer", "adaptive"],
    momentum: ["outer", "momentum"],
    adam: ["outer", "adam"],
    relaxed: ["outer", "relaxed"],
  },
  surrogate: {
    penalty: ["surrogates", "new Penalty("],
    "value-gap": ["surrogates", "new ValueGap("],
    "squared-gradient": ["surrogates", "new SquaredGradient("],
    moreau: ["surrogates", "new Moreau("],
    barrier: ["../methods/constrained.surrogates", "new Barrier("],
    "proximal-lagrangian": ["../methods/constrained.surrogates", "new ProximalLagrangian("],
    "regularised-gap": ["../methods/constrained.surrogates", "new RegularisedGap("],
  },
  field: {
    joint: ["composition", '["joint", "saga"'],
    neumann: ["composition", '["neumann", "storm"'],
    "random-neumann": ["composition", '["random-neumann", "storm"'],
  },
  sampling: {
    full: ["sampling", "is exact where every batch is everything"],
    minibatch: ["sampling", "minibatch.make("],
    averaged: ["sampling", "averaged.make("],
    saga: ["sampling", "saga.make("],
    spider: ["sampling", "spider.make("],
    storm: ["sampling", "storm.make("],
  },
};

describe.each(Object.keys(pieces) as PieceKind[])("%s", (kind) => {
  it("ids are unique, kinds right, and facts complete", () => {
    expect(new Set(pieces[kind].map((p) => p.id)).size).toBe(pieces[kind].length);
    expect(pieceKinds[kind]).not.toBe("");
    for (const p of pieces[kind]) {
      expect(p.kind).toBe(kind);
      expect(p.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(p.title).not.toBe("");
      expect(p.formulas.length, p.id).toBeGreaterThan(0);
      for (const line of p.formulas) expect(line.length).toBeGreaterThan(4);
      expect(p.reference, p.id).toMatch(/\d{4}/);
      for (const q of p.parameters) {
        expect(q.doc.length, `${p.id}.${q.name}`).toBeGreaterThan(4);
        if (q.default === undefined) expect(q.auto ?? "", `${p.id}.${q.name}`).not.toBe("");
      }
    }
  });

  it("each has a test that names it", () => {
    expect(Object.keys(tested[kind]).sort()).toEqual(pieces[kind].map((p) => p.id).sort());
    for (const [id, [file, words]] of Object.entries(tested[kind])) {
      const text = readFileSync(join(root, "test", "pieces", `${file}.test.ts`), "utf8");
      expect(text.includes(words), `${id}: ${file}.test.ts does not have ${words}`).toBe(true);
    }
  });
});
