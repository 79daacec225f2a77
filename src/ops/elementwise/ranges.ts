/** Interval extensions of elementwise operators: a rule for scalars' bounds, applied entry by entry. */
import { JUMP, type Range, surelyFalse, surelyTrue, UNDEFINED } from "../../num/interval.js";
import type { HullRule } from "../hulls.js";
import type { Operator } from "../operator.js";

/**
 * Writes bounds and its own flags into `out`; the flags of the arguments are joined afterwards. Bounds come in the order
 * lo, hi of each argument; it may leave out those it does not have.
 */
export type RangeRule = (
  out: Range,
  al: number,
  ah: number,
  bl: number,
  bh: number,
  cl: number,
  ch: number,
  /** The joined flags of the second and the third argument, for the choice between them. */
  flagsB: number,
  flagsC: number,
) => void;

const range: Range = { lo: 0, hi: 0, flags: 0 };

/** An argument among the first `forgiving` that may be NaN stands for any number: the operator would hide that. */
export function elementwiseIntervals(rule: RangeRule, forgiving: number): Operator["intervalInto"] {
  return (out, args) => {
    const count = args.lo.length;
    const last = count - 1;
    const n = out.lo.length;
    const second = Math.min(1, last);
    const third = Math.min(2, last);
    const [aLo, bLo, cLo] = [args.lo[0], args.lo[second], args.lo[third]];
    const [aHi, bHi, cHi] = [args.hi[0], args.hi[second], args.hi[third]];
    const [aFlags, bFlags, cFlags] = [args.flags[0], args.flags[second], args.flags[third]];
    const [sa, sb, sc] = [stride(aLo), stride(bLo), stride(cLo)];
    for (let i = 0; i < n; i++) {
      const p = i * sa;
      const q = i * sb;
      const r = i * sc;
      const a = aFlags[p];
      const b = bFlags[q];
      const c = cFlags[r];
      const anyA = forgiving > 0 && (a & UNDEFINED) !== 0;
      const anyB = forgiving > 1 && (b & UNDEFINED) !== 0;
      rule(
        range,
        anyA ? Number.NEGATIVE_INFINITY : aLo[p],
        anyA ? Number.POSITIVE_INFINITY : aHi[p],
        anyB ? Number.NEGATIVE_INFINITY : bLo[q],
        anyB ? Number.POSITIVE_INFINITY : bHi[q],
        cLo[r],
        cHi[r],
        b,
        c,
      );
      out.lo[i] = range.lo;
      out.hi[i] = range.hi;
      out.flags[i] = rule === choice ? range.flags | a : range.flags | a | b | c;
    }
  };
}

/** The same for one interval that holds all entries of an argument. */
export function elementwiseHull(rule: RangeRule, forgiving: number): HullRule {
  const into = elementwiseIntervals(rule, forgiving);
  const out = { lo: new Float64Array(1), hi: new Float64Array(1), flags: new Float64Array(1) };
  return (bounds, node) => {
    const part = (key: "lo" | "hi" | "flags"): Float64Array[] => bounds.map((b) => Float64Array.of(b[key]));
    into(out, { lo: part("lo"), hi: part("hi"), flags: part("flags") }, node);
    return { lo: out.lo[0], hi: out.hi[0], flags: out.flags[0] };
  };
}

/** One number serves all entries. */
function stride(values: Float64Array): 0 | 1 {
  return values.length === 1 ? 0 : 1;
}

/** b where a is true, else c; both where that is open. The flags of a branch that is surely not taken do not count. */
export const choice: RangeRule = (out, al, ah, bl, bh, cl, ch, flagsB, flagsC) => {
  const yes = surelyTrue(al, ah);
  const no = surelyFalse(al, ah);
  out.lo = yes ? bl : no ? cl : Math.min(bl, cl);
  out.hi = yes ? bh : no ? ch : Math.max(bh, ch);
  out.flags = yes ? flagsB : no ? flagsC : flagsB | flagsC | JUMP;
};
