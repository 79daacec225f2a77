/** The first operation that made a value not finite is found, with its place and operands. */
import { describe, expect, it } from "vitest";
import { blame } from "../../src/codegen/blame.js";
import { Builder } from "../../src/ops/build.js";

const x = { name: "x", size: 3 };

function at(b: Builder, start: number) {
  return { start, end: start + 1 } as Parameters<typeof b.at>[0];
}

describe("blame", () => {
  it("names the logarithm of a negative entry, not what came after it", () => {
    const b = new Builder();
    const shifted = b.at(at(b, 3), () => b.sub(b.input(x), b.constant(1)));
    const log = b.at(at(b, 7), () => b.log(shifted));
    const total = b.at(at(b, 9), () => b.sum(b.mul(log, b.constant(2))));
    const found = blame([total], new Map([[x, Float64Array.of(2, 0.5, 3)]]));
    expect(found?.node).toBe(log);
    expect(found?.origin).toEqual(at(b, 7));
    expect(found?.entry).toBe(1);
    expect(found?.value).toBeNaN();
    expect(found?.args).toEqual([-0.5]);
  });

  it("names a division by zero with both operands", () => {
    const b = new Builder();
    const y = { name: "y", size: 1 };
    const quotient = b.div(b.input(x), b.reshape(b.input(y), []));
    const found = blame(
      [quotient],
      new Map([
        [x, Float64Array.of(1, 2, 3)],
        [y, Float64Array.of(0)],
      ]),
    );
    expect(found?.node).toBe(quotient);
    expect(found?.value).toBe(Number.POSITIVE_INFINITY);
    expect(found?.args).toEqual([1, 0]);
  });

  it("names an overflowing sum by its largest operand", () => {
    const b = new Builder();
    const total = b.sum(b.input(x));
    const found = blame([total], new Map([[x, Float64Array.of(1e308, 1e308, 1)]]));
    expect(found?.node).toBe(total);
    expect(found?.args).toEqual([1e308]);
  });

  it("blames an input that is not finite", () => {
    const b = new Builder();
    const found = blame([b.exp(b.input(x))], new Map([[x, Float64Array.of(1, Number.NaN, 1)]]));
    expect(found?.node).toBe(b.input(x));
    expect(found?.entry).toBe(1);
  });

  it("forgives infinite constants, but not the NaN made of them", () => {
    const b = new Builder();
    const bound = b.constant(Number.POSITIVE_INFINITY);
    const values = new Map([[x, Float64Array.of(1, 2, 3)]]);
    expect(blame([b.min(b.input(x), bound)], values)).toBeUndefined();
    const apart = b.mul(b.sub(b.input(x), b.constant(1)), bound);
    const found = blame([apart], values);
    expect(found?.node).toBe(apart);
    expect(found?.value).toBeNaN();
  });

  it("finds nothing where all is finite", () => {
    const b = new Builder();
    expect(blame([b.sum(b.input(x))], new Map([[x, Float64Array.of(1, 2, 3)]]))).toBeUndefined();
  });
});
