/**
 * extragradient for min over x max over y of f(x, y) (Korpelevich 1976), with the step size given, or adaptive (Khobotov's
 * rule) and accelerated by Anderson's method with a safeguard on the residual.
 */
import { Anderson } from "../kit/anderson.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { given } from "../kit/options.js";
import { type Running, running, StateFields } from "../kit/running.js";
import { Saddle } from "../kit/saddle.js";
import type { Method, MethodContext } from "../method.js";

type Vector = Float64Array;

class Extragradient extends StateFields implements Running {
  private readonly saddle: Saddle;
  private readonly z: Vector;
  private readonly F: Vector;
  private readonly half: Vector;
  private readonly Fh: Vector;
  private readonly next: Vector;
  private readonly move: Vector;
  private readonly candidate: Vector;
  private readonly scratch: Vector;
  private readonly stop: RelativeStop;
  private readonly anderson: Anderson | undefined;
  private readonly adaptive: boolean;
  private eta: number;

  constructor(context: MethodContext) {
    super(context.oracle);
    this.saddle = new Saddle(context.oracle);
    const k = this.saddle.size;
    this.z = new Float64Array(k);
    this.F = new Float64Array(k);
    this.half = new Float64Array(k);
    this.Fh = new Float64Array(k);
    this.next = new Float64Array(k);
    this.move = new Float64Array(k);
    this.candidate = new Float64Array(k);
    this.scratch = new Float64Array(k);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    const eta = given(context, "eta");
    this.adaptive = eta === undefined;
    this.anderson = this.adaptive ? new Anderson(k, 5) : undefined;
    this.read();
    this.saddle.evaluate(this.z, this.F);
    this.value = this.saddle.value;
    this.eta = eta ?? 0.5 / this.saddle.secant(this.z, this.F);
  }

  private read(): void {
    this.z.set(this.x);
    this.z.set(this.y, this.x.length);
  }

  step(): void {
    const { saddle, z, F, half, Fh, next } = this;
    const k = z.length;
    this.stationarity = saddle.residual(z, F, this.eta, this.scratch);
    this.extra.eta = this.eta;
    if (this.stop.passes(this.stationarity)) {
      this.finish("converged", "The projected gradients of both players are below the tolerance.");
      return;
    }
    for (let tries = 0; ; tries++) {
      for (let i = 0; i < k; i++) half[i] = z[i] - this.eta * F[i];
      saddle.project(half);
      saddle.evaluate(half, Fh);
      if (!this.adaptive) break;
      let dz = 0;
      let dF = 0;
      for (let i = 0; i < k; i++) {
        dz += (half[i] - z[i]) ** 2;
        dF += (Fh[i] - F[i]) ** 2;
      }
      if (this.eta * Math.sqrt(dF) <= 0.9 * Math.sqrt(dz) || tries === 60) break;
      this.eta *= 0.6;
    }
    for (let i = 0; i < k; i++) next[i] = z[i] - this.eta * Fh[i];
    saddle.project(next);
    if (!this.accelerate()) {
      z.set(next);
      saddle.evaluate(z, F);
    }
    this.value = saddle.value;
    if (this.adaptive) this.eta *= 1.05;
    for (let i = 0; i < this.x.length; i++) this.x[i] = z[i];
    for (let j = 0; j < this.y.length; j++) this.y[j] = z[this.x.length + j];
  }

  /** Moves to Anderson's candidate, with F there, if its residual is below 0.999 of the current one. */
  private accelerate(): boolean {
    const { saddle, anderson, z, F, next, move, candidate, Fh } = this;
    if (anderson === undefined) return false;
    for (let i = 0; i < z.length; i++) move[i] = next[i] - z[i];
    if (!anderson.propose(z, move, candidate)) return false;
    saddle.project(candidate);
    saddle.evaluate(candidate, Fh);
    if (!(saddle.residual(candidate, Fh, this.eta, this.scratch) <= 0.999 * this.stationarity)) return false;
    z.set(candidate);
    F.set(Fh);
    return true;
  }

  backOff(): boolean {
    this.eta *= 0.5;
    this.anderson?.clear();
    this.read();
    this.saddle.evaluate(this.z, this.F);
    return true;
  }
}

export const extragradient: Method<Running> = {
  id: "extragradient",
  title: "Extragradient for minimax problems",
  reference:
    "Korpelevich, The extragradient method for finding saddle points, 1976; step rule: Khobotov 1987; acceleration: Walker and Ni, Anderson acceleration for fixed-point iterations, 2011",
  formulas: [
    "F(z) = (∇x f, -∇y f),  z = (x, y)",
    "z½ ← P(z - η F(z))",
    "z ← P(z - η F(z½))",
    "auto: η ← 0.6 η while η |F(z½) - F(z)| > 0.9 |z½ - z|, else η ← 1.05 η after the step",
    "auto: Anderson(5) on the step, taken where it lowers the residual below 0.999 of the last",
  ],
  assumptions: "f = -g; f convex in x and concave in y (F monotone) with Lipschitz gradients. Also purely bilinear f.",
  failures: "Where F is not monotone (f not convex-concave) it may cycle or stop at points that are no minimax point.",
  requirements: {
    order: 1,
    class: "convex-concave minimax",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: true,
  },
  parameters: [
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "adaptive from 0.5 / L with L by a secant, and accelerated",
      min: 0,
      doc: "Step size of both half steps; at most 1/(2L) for an operator with Lipschitz constant L.",
    },
  ],
  init: (context) => new Extragradient(context),
  ...running,
};
