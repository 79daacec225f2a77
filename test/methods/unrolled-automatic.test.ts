/** Unrolled methods without options on problems of every class they fit, judged by the certificate and by the known answer. */
import { describe, expect, it } from "vitest";
import { certify } from "../../src/certify/certificate.js";
import type { Running } from "../../src/methods/kit/running.js";
import type { Method } from "../../src/methods/method.js";
import { runMethod } from "../../src/methods/run.js";
import { bda } from "../../src/methods/unrolled/bda.js";
import { bgs } from "../../src/methods/unrolled/bgs.js";
import { iaGm } from "../../src/methods/unrolled/iaGm.js";
import { iaptt } from "../../src/methods/unrolled/iaptt.js";
import { itdForward } from "../../src/methods/unrolled/itdForward.js";
import { tRhg } from "../../src/methods/unrolled/tRhg.js";
import { createRandom } from "../../src/num/random.js";
import { base } from "../pieces/lowerMaps.js";
import { ballDomain, boxDomain, type HandProblem, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";
import { C2, E1, E53, P1 } from "../support/handProblems.js";

const all: readonly Method<Running>[] = [tRhg, itdForward, bgs, iaGm, iaptt, bda];
/** y follows a linear image of x inside a set; f wants y at a target and x small. */
const follow = (domainY: HandProblem["domainY"]): HandProblem => ({
  x: [0.2, -0.3],
  y: [0, 0, 0],
  ...(domainY ? { domainY } : {}),
  domainX: boxDomain([-2, -2], [2, 2]),
  f: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u.sub(0.5).sq().add(v.sub(0.2).sq()).add(w.sub(0.1).sq()).add(a.sq().add(b.sq()).mul(0.05)),
  ),
  g: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u
      .sub(a)
      .sq()
      .add(v.sub(b).sq())
      .add(w.sub(a.mul(0.5)).sub(b.mul(0.5)).sq())
      .add(u.mul(v).mul(0.4)),
  ),
});

const kernel = "keeps the start's component in the kernel of the lower Hessian and says so";
interface Entry {
  readonly problem: HandProblem;
  readonly x?: readonly number[];
  readonly exceptions?: Readonly<Record<string, string>>;
}
const table: Readonly<Record<string, Entry>> = {
  P1: { problem: P1, x: [7] },
  C2: { problem: C2, x: [2] },
  E1: { problem: E1, x: [0.5] },
  E53: { problem: E53, x: [1], exceptions: { "t-rhg": kernel, "itd-forward": kernel, bgs: kernel } },
  nonquadratic: { problem: base },
  "follow, free": { problem: follow(undefined) },
  "follow, box": { problem: follow(boxDomain([0, 0, 0], [0.45, 1, 1])) },
  "follow, ball": { problem: follow(ballDomain([0, 0, 0], 0.4)) },
  "follow, simplex": { problem: follow(simplexDomain(3)) },
};

describe("without options", () => {
  for (const [name, { problem, x, exceptions }] of Object.entries(table)) {
    for (const method of all) {
      const why = exceptions?.[method.id];
      it(`${method.id} on ${name}${why === undefined ? "" : ` (exception: ${why})`}`, () => {
        const oracle = handOracle(problem);
        let now = 0;
        const run = runMethod(method, oracle, { now: () => now++, limits: { calls: 60_000 } });
        const verdict = certify(oracle, run.x, run.y, { tolerance: 1e-6, random: createRandom(1) });
        const said = `${run.status}: ${run.reason} x ${run.x} y ${run.y} ${run.iterations}`;
        if (why !== undefined) {
          expect(verdict.certified).toBe(false);
          expect(run.status, said).not.toBe("converged");
          return;
        }
        expect(run.status, said).toBe("converged");
        expect(verdict.checks.filter((c) => !c.holds)).toEqual([]);
        for (const [i, value] of (x ?? []).entries()) expect(Math.abs(run.x[i] - value)).toBeLessThan(2e-5);
      });
    }
  }
});
