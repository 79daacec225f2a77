/**
 * The filter: pairs (violation, barrier value) that a new point must improve on in one of the two (Fletcher and Leyffer
 * 2002; with the margins of Wächter and Biegler 2006, equations (18) to (22)).
 */
export const GAMMA_THETA = 1e-5;
export const GAMMA_PHI = 1e-8;

export class Filter {
  #theta: number[] = [];
  #phi: number[] = [];
  /** Points with a larger violation are never accepted. */
  constructor(public thetaMax: number) {}

  clear(): void {
    this.#theta.length = 0;
    this.#phi.length = 0;
  }

  /** Forbids the region dominated by this point. */
  add(theta: number, phi: number): void {
    const t = (1 - GAMMA_THETA) * theta;
    const p = phi - GAMMA_PHI * theta;
    let kept = 0;
    for (let i = 0; i < this.#theta.length; i++) {
      if (this.#theta[i] >= t && this.#phi[i] >= p) continue;
      this.#theta[kept] = this.#theta[i];
      this.#phi[kept++] = this.#phi[i];
    }
    this.#theta.length = this.#phi.length = kept;
    this.#theta.push(t);
    this.#phi.push(p);
  }

  accepts(theta: number, phi: number): boolean {
    if (!(theta <= this.thetaMax)) return false;
    for (let i = 0; i < this.#theta.length; i++) if (theta >= this.#theta[i] && phi >= this.#phi[i]) return false;
    return true;
  }
}
