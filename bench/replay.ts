/** Counts the queries a method puts to an oracle by kind, and repeats the same numbers of them without the method. */
import type {
  ConstraintOracle,
  DomainOracle,
  FusedDescent,
  LevelOracle,
  Linearization,
  Oracle,
} from "../src/oracle/oracle.js";

/**
 * Number of queries by name: f and g are the levels, F and h their constraint rows, X and Y the domains; steps of fused kernels
 * by their number K as in "lowerInto 10".
 */
export type Calls = Map<string, number>;

/** The same oracle, every query counted in `calls`. */
export function recorded(oracle: Oracle): { oracle: Oracle; calls: Calls } {
  const calls: Calls = new Map();
  const count = (key: string): void => void calls.set(key, (calls.get(key) ?? 0) + 1);
  const map = (name: string, made: Linearization): Linearization => ({
    hvp: (v, out) => {
      count(`${name}.hvp`);
      made.hvp(v, out);
    },
    jvp: (v, out) => {
      count(`${name}.jvp`);
      made.jvp(v, out);
    },
    both: (v, outH, outJ) => {
      count(`${name}.both`);
      made.both(v, outH, outJ);
    },
  });
  const rows = (name: string, of: ConstraintOracle): ConstraintOracle =>
    of.rows === 0
      ? of
      : {
          ...of,
          value: (x, y, out) => {
            count(`${name}.value`);
            of.value(x, y, out);
          },
          jacobian: (x, y, outX, outY) => {
            count(`${name}.jacobian`);
            of.jacobian(x, y, outX, outY);
          },
          vjp: (x, y, z, outX, outY) => {
            count(`${name}.vjp`);
            of.vjp(x, y, z, outX, outY);
          },
        };
  const domain = (name: string, of: DomainOracle): DomainOracle =>
    of.free
      ? of
      : {
          ...of,
          project: (v) => {
            count(`${name}.project`);
            of.project(v);
          },
        };
  const level = (name: string, of: LevelOracle): { -readonly [K in keyof LevelOracle]: LevelOracle[K] } => ({
    constraints: rows(name === "f" ? "F" : "h", of.constraints),
    value: (x, y) => {
      count(`${name}.value`);
      return of.value(x, y);
    },
    gradX: (x, y, out) => {
      count(`${name}.gradX`);
      of.gradX(x, y, out);
    },
    gradY: (x, y, out) => {
      count(`${name}.gradY`);
      of.gradY(x, y, out);
    },
    valueGradY: (x, y, out) => {
      count(`${name}.valueGradY`);
      return of.valueGradY(x, y, out);
    },
    valueGrad: (x, y, outX, outY) => {
      count(`${name}.valueGrad`);
      return of.valueGrad(x, y, outX, outY);
    },
    hvpYY: (x, y, v, out) => {
      count(`${name}.hvpYY`);
      of.hvpYY(x, y, v, out);
    },
    jvpXY: (x, y, v, out) => {
      count(`${name}.jvpXY`);
      of.jvpXY(x, y, v, out);
    },
    jvpYX: (x, y, u, out) => {
      count(`${name}.jvpYX`);
      of.jvpYX(x, y, u, out);
    },
    linearize: (x, y) => {
      count(`${name}.linearize`);
      return map(name, of.linearize(x, y));
    },
    hessianYY: (x, y, out) => {
      count(`${name}.hessianYY`);
      of.hessianYY(x, y, out);
    },
  });
  const upper = level("f", oracle.upper);
  const lower = level("g", oracle.lower);
  const fused = oracle.lower.descent;
  if (fused !== undefined) {
    const descent: FusedDescent = {
      upper,
      lower,
      lowerInto: (x, y, alpha, K, out) => {
        const done = fused.lowerInto(x, y, alpha, K, out);
        if (done) count(`lowerInto ${K}`);
        return done;
      },
      penalisedInto: (x, y, tau, lambda, K, out) => {
        const done = fused.penalisedInto(x, y, tau, lambda, K, out);
        if (done) count(`penalisedInto ${K}`);
        return done;
      },
      surrogateInto: (x, y, z, lambda, out) => {
        count("surrogateInto");
        return fused.surrogateInto(x, y, z, lambda, out);
      },
    };
    upper.descent = descent;
    lower.descent = descent;
  }
  const domains = { domainX: domain("X", oracle.domainX), domainY: domain("Y", oracle.domainY) };
  return { oracle: { ...oracle, ...domains, upper, lower }, calls };
}

/** A function that asks for all of `calls`, so many times over. */
export function replay(oracle: Oracle, calls: Calls): (times: number) => void {
  const x = oracle.startX.slice();
  const y = oracle.startY.slice();
  const z = y.slice();
  const outX = x.slice();
  const outY = y.slice();
  const H = new Float64Array(y.length * y.length);
  const { upper, lower } = oracle;
  const one = (level: LevelOracle, made: Linearization, query: string): (() => void) => {
    const queries: Record<string, () => void> = {
      value: () => void level.value(x, y),
      gradX: () => level.gradX(x, y, outX),
      gradY: () => level.gradY(x, y, outY),
      valueGradY: () => void level.valueGradY(x, y, outY),
      valueGrad: () => void level.valueGrad(x, y, outX, outY),
      hvpYY: () => level.hvpYY(x, y, z, outY),
      jvpXY: () => level.jvpXY(x, y, z, outX),
      jvpYX: () => level.jvpYX(x, y, x, outY),
      linearize: () => void level.linearize(x, y),
      hessianYY: () => level.hessianYY(x, y, H),
      hvp: () => made.hvp(z, outY),
      jvp: () => made.jvp(z, outX),
      both: () => made.both(z, outY, outX),
    };
    return queries[query];
  };
  const onRows = ({ constraints }: LevelOracle, query: string): (() => void) => {
    const out = new Float64Array(constraints.rows);
    const J = new Float64Array(constraints.rows * y.length);
    const Jx = new Float64Array(constraints.rows * x.length);
    if (query === "value") return () => constraints.value(x, y, out);
    if (query === "vjp") return () => constraints.vjp(x, y, out, outX, outY);
    return () => constraints.jacobian(x, y, Jx, J);
  };
  const fused = (kernel: string, K: number): (() => void) => {
    const { descent } = lower;
    // steps of size 0: the point stays where it is
    if (kernel === "lowerInto") return () => void descent?.lowerInto(x, z, 0, K, outY);
    if (kernel === "penalisedInto") return () => void descent?.penalisedInto(x, z, 0, 1, K, outY);
    return () => void descent?.surrogateInto(x, y, z, 1, outX);
  };
  const maps = { f: upper.linearize(x, y), g: lower.linearize(x, y) };
  const runs = [...calls].map(([key, n]): { run: () => void; n: number } => {
    const [name, query] = key.split(".");
    if (name === "F" || name === "h") return { run: onRows(name === "F" ? upper : lower, query), n };
    if (name === "X") return { run: () => oracle.domainX.project(outX), n };
    if (name === "Y") return { run: () => oracle.domainY.project(outY), n };
    if (name === "f" || name === "g") return { run: one(name === "f" ? upper : lower, maps[name], query), n };
    const [kernel, K] = key.split(" ");
    return { run: fused(kernel, Number(K)), n };
  });
  return (times) => {
    for (const { run, n } of runs) repeat(run, Math.round(n * times));
  };
}

function repeat(run: () => void, times: number): void {
  for (let k = 0; k < times; k++) run();
}
