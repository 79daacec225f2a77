import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../src/num/random.js";

const draw = (random: Random, k = 5): number[] => Array.from({ length: k }, () => random.uniform());

describe("random numbers", () => {
  it("depend on the seed only", () => {
    expect(draw(createRandom(1))).toEqual(draw(createRandom(1)));
    expect(draw(createRandom(1))).not.toEqual(draw(createRandom(2)));
    expect(draw(createRandom(0))).not.toEqual(draw(createRandom(0.5)));
  });

  it("are these numbers, in any process", () => {
    expect(createRandom(1).integer(1e9)).toBe(903903755);
    expect(createRandom(1).split("data").integer(1e9)).toBe(204744888);
  });

  it("split by label, whatever was drawn before", () => {
    const a = createRandom(9);
    const before = draw(a.split("x"));
    draw(a, 100);
    expect(draw(a.split("x"))).toEqual(before);
    expect(draw(a.split("y"))).not.toEqual(before);
    expect(draw(a.split("x").split("y"))).not.toEqual(draw(a.split("y").split("x")));
  });

  it("have the moments of their distributions", () => {
    const random = createRandom(3);
    const k = 200_000;
    let [u, uu, z, zz, zzzz, signs] = [0, 0, 0, 0, 0, 0];
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < k; i++) {
      const a = random.uniform();
      u += a;
      uu += a * a;
      const b = random.normal();
      z += b;
      zz += b * b;
      zzzz += b ** 4;
      signs += random.sign();
      counts[random.integer(7)]++;
    }
    // Five standard errors each.
    const within = (value: number, mean: number, deviation: number): void =>
      expect(Math.abs(value / k - mean)).toBeLessThan((5 * deviation) / Math.sqrt(k));
    within(u, 1 / 2, Math.sqrt(1 / 12));
    within(uu, 1 / 3, Math.sqrt(4 / 45));
    within(z, 0, 1);
    within(zz, 1, Math.sqrt(2));
    within(zzzz, 3, Math.sqrt(96));
    within(signs, 0, 1);
    for (const c of counts) within(c, 1 / 7, Math.sqrt(6) / 7);
  });

  it("streams of neighbouring seeds and labels are not correlated", () => {
    const k = 20_000;
    const pairs: [Random, Random][] = [
      [createRandom(1), createRandom(2)],
      [createRandom(1).split("a"), createRandom(1).split("b")],
      [createRandom(1), createRandom(1).split("")],
    ];
    for (const [a, b] of pairs) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
      expect(Math.abs((12 * sum) / k)).toBeLessThan(5 / Math.sqrt(k));
    }
  });
});
