/**
 * ogda: optimistic gradient descent-ascent (Popov 1980), in the form that keeps domains by one projection and allows
 * steps of changing size, the forward-reflected-backward method of Malitsky and Tam:
 *
 *   z_{k+1} = P(z_k - eta_k F(z_k) - eta_{k-1} (F(z_k) - F(z_{k-1}))),   F = (grad_x f, -grad_y f)
 *
 * One gradient a step where extragradient takes two. Constant eta and no domain: z - 2 eta F_k + eta F_{k-1}.
 */
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { given } from "../kit/options.js";
import { type Running, running, StateFields } from "../kit/running.js";
import { Saddle } from "../kit/saddle.js";
import type { Method, MethodContext } from "../method.js";

type Vector = Float64Array;

/** Share of the largest step |z+ - z| / (2 |F+ - F|) that the theory allows. */
const SHARE = 0.9;

class Ogda extends StateFields implements Running {
  private readonly saddle: Saddle;
  private readonly z: Vector;
  private readonly next: Vector;
  private readonly F: Vector;
  private readonly old: Vector;
  private readonly Fn: Vector;
  private readonly scratch: Vector;
  private readonly stop: RelativeStop;
  private readonly adaptive: boolean;
  private eta: number;
  private before: number;

  constructor(context: MethodContext) {
    super(context.oracle);
    this.saddle = new Saddle(context.oracle);
    const k = this.saddle.size;
    this.z = new Float64Array(k);
    this.next = new Float64Array(k);
    this.F = new Float64Array(k);
    this.old = new Float64Array(k);
    this.Fn = new Float64Array(k);
    this.scratch = new Float64Array(k);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    const eta = given(context, "eta");
    this.adaptive = eta === undefined;
    this.begin();
    this.eta = eta ?? 0.25 / this.saddle.secant(this.z, this.F);
    this.before = this.eta;
    this.value = this.saddle.value;
  }

  /** F_{-1} = F_0: the first step is a plain gradient step. */
  private begin(): void {
    this.z.set(this.x);
    this.z.set(this.y, this.x.length);
    this.saddle.evaluate(this.z, this.F);
    this.old.set(this.F);
  }

  step(): void {
    const { saddle, z, next, F, old, Fn } = this;
    this.stationarity = saddle.residual(z, F, this.eta, this.scratch);
    this.extra.eta = this.eta;
    if (this.stop.passes(this.stationarity)) {
      this.finish("converged", "The projected gradients of both players are below the tolerance.");
      return;
    }
    for (let tries = 0; ; tries++) {
      for (let i = 0; i < z.length; i++) next[i] = z[i] - this.eta * F[i] - this.before * (F[i] - old[i]);
      saddle.project(next);
      saddle.evaluate(next, Fn);
      if (!this.adaptive || tries === 60) break;
      let dz = 0;
      let dF = 0;
      for (let i = 0; i < z.length; i++) {
        dz += (next[i] - z[i]) ** 2;
        dF += (Fn[i] - F[i]) ** 2;
      }
      if (2 * this.eta * Math.sqrt(dF) <= SHARE * Math.sqrt(dz)) break;
      this.eta *= 0.6;
    }
    old.set(F);
    F.set(Fn);
    z.set(next);
    this.value = saddle.value;
    this.before = this.eta;
    if (this.adaptive) this.eta *= 1.05;
    for (let i = 0; i < this.x.length; i++) this.x[i] = z[i];
    for (let j = 0; j < this.y.length; j++) this.y[j] = z[this.x.length + j];
  }

  backOff(): boolean {
    this.eta *= 0.5;
    this.before = this.eta;
    this.begin();
    return true;
  }
}

export const ogda: Method<Running> = {
  id: "ogda",
  title: "Optimistic gradient descent-ascent",
  reference:
    "Popov, A modification of the Arrow-Hurwicz method for search of saddle points, 1980; domains and step search: Malitsky and Tam, A forward-backward splitting method for monotone inclusions without cocoercivity, SIAM J. Optim. 2020, Algorithm 2; name: Daskalakis and others, Training GANs with optimism, ICLR 2018",
  formulas: [
    "F(z) = (∇x f, -∇y f),  z = (x, y)",
    "z_{k+1} = P(z_k - 2 η F(z_k) + η F(z_{k-1})),  F(z_{-1}) = F(z_0)",
    "auto: z_{k+1} = P(z_k - η_k F_k - η_{k-1} (F_k - F_{k-1})); η ← 0.6 η while 2 η |F_{k+1} - F_k| > 0.9 |z_{k+1} - z_k|, then η ← 1.05 η",
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
      auto: "by a search, from 0.25 / L with L by a secant",
      min: 0,
      doc: "Step size; below 1/(2L) for an operator with Lipschitz constant L.",
    },
  ],
  init: (context) => new Ogda(context),
  ...running,
};
