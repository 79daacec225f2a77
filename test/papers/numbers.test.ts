/** The numbers of the experiments as words, and their fits. */
import { expect, test } from "vitest";
import { coordinates, geometric, median, short, slope } from "../../bench/papers/numbers.js";
import { partOf, withPart } from "../../bench/papers/page.js";

test("numbers as words", () => {
  expect([0.00999999, 1e-3, 1e-4, 123456, -2.345e-7].map((v) => short(v))).toEqual([
    "0.01",
    "0.001",
    "1e-4",
    "1.2e5",
    "-2.3e-7",
  ]);
  expect(short(3e-16)).toBe("< 1e-14");
  expect(short(Number.POSITIVE_INFINITY)).toBe("diverges");
  expect(coordinates([0.5, -1e-9, 1.00004])).toBe("0.5, 0, 1");
});

test("slopes, medians, geometric steps", () => {
  const points = geometric(0.1, 10, 7).map((x) => [x, 3 * x ** -1.5] as const);
  expect(slope(points)).toBeCloseTo(-1.5, 12);
  expect(points[6][0]).toBeCloseTo(10, 12);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("a part of a page is replaced, what is around it stays", () => {
  const page = "a\n<!-- begin generated: x -->\nold\n<!-- end generated: x -->\nb\n";
  const next = withPart(page, "x", "new");
  expect(next).toBe("a\n<!-- begin generated: x -->\nnew\n<!-- end generated: x -->\nb\n");
  expect(partOf(next, "x")).toBe("new\n");
  expect(() => partOf(page, "y")).toThrow("no part for y");
});
