/** The certificate's checks by formula: there where there is a formula, refusing what is off, silent elsewhere. */
import { expect, test } from "vitest";
import { type Certificate, certify, compile } from "../../src/api.js";

async function verdict(text: string, values: Record<string, number | number[]>): Promise<Certificate> {
  const { problem } = await compile(text);
  return certify(problem!, values);
}

const named = (c: Certificate, name: string) => c.checks.find((k) => k.name === `${name} by formula`);

const quadratic = `upper { var x ; minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }
lower { var y ; minimize 4y^2 - 4x*y + x^2 + 17 }`;

test("a solution agrees with its formula", async () => {
  const certificate = await verdict(quadratic, { x: 7, y: 3.5 });
  expect(certificate.certified).toBe(true);
  expect(named(certificate, "lower solution")).toMatchObject({ holds: true, value: 0 });
  expect(named(certificate, "hypergradient")).toMatchObject({ holds: true });
});

test("a lower variable that is off is refused by the same amount as by its gradient", async () => {
  const certificate = await verdict(quadratic, { x: 7, y: 3.6 });
  const check = named(certificate, "lower solution")!;
  expect(check.holds).toBe(false);
  // H (y - y*) = 8 * 0.1
  expect(check.value).toBeCloseTo(0.8, 12);
  expect(certificate.lowerStationarity).toBeCloseTo(0.8, 12);
});

test("with equality rows", async () => {
  const text = `upper { var x ; minimize y[1]^2 + (x - 1)^2 }
lower { var y[2] ; minimize y[1]^2 + y[2]^2 - x*y[1]
subject to
  line: y[1] + y[2] == 1 }`;
  // F = 1.0625x^2 - 1.75x + 1.25
  const x = 14 / 17;
  const right = await verdict(text, { x, y: [x / 4 + 0.5, 0.5 - x / 4] });
  expect([right.certified, named(right, "lower solution")?.holds]).toEqual([true, true]);
  const wrong = await verdict(text, { x, y: [x / 4 + 0.6, 0.4 - x / 4] });
  expect(named(wrong, "lower solution")?.holds).toBe(false);
});

test("no check where there is no formula", async () => {
  const certificate = await verdict(
    "upper { var x ; minimize x^2 + y^2 }\nlower { var y ; minimize exp(y) - y + (y - x)^2 }",
    {
      x: 0,
      y: 0,
    },
  );
  expect(certificate.checks.some((c) => c.name.endsWith("by formula"))).toBe(false);
});
