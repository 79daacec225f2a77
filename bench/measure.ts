/** Timing in CPU seconds (other programs may be running): sides run in turn after a warm-up; medians over rounds, ratios formed within each round. */
export type Run = () => void;

export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** CPU seconds of this process so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function secondsPerCall(run: Run, calls: number): number {
  const start = cpuSeconds();
  for (let k = 0; k < calls; k++) run();
  return (cpuSeconds() - start) / calls;
}

/** Calls that take about `budget` seconds. */
export function callsFor(run: Run, budget: number): number {
  for (let calls = 1; ; calls *= 2) {
    const seconds = secondsPerCall(run, calls) * calls;
    if (seconds > budget / 4) return Math.max(1, Math.round((calls * budget) / seconds));
  }
}

export interface Side {
  readonly name: string;
  /** Runs in this process, or measures itself elsewhere and tells the seconds of one call. */
  readonly run?: Run;
  readonly measure?: (calls: number) => number;
}

export interface Comparison {
  /** Median seconds of one call. */
  readonly seconds: ReadonlyMap<string, number>;
  /** Median over rounds of time of a / time of b. */
  ratio(a: string, b: string): number;
}

export function compare(sides: readonly Side[], rounds: number, budget: number): Comparison {
  const calls = new Map<string, number>();
  for (const { name, run } of sides) {
    if (!run) continue;
    secondsPerCall(run, callsFor(run, 0.2));
    calls.set(name, callsFor(run, budget));
  }
  const shared = Math.max(...calls.values());
  const times = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? sides : [...sides].reverse();
    for (const { name, run, measure } of order) {
      const seconds = run ? secondsPerCall(run, calls.get(name)!) : measure!(shared);
      times.get(name)!.push(seconds);
    }
  }
  return {
    seconds: new Map([...times].map(([name, list]) => [name, median(list)])),
    ratio: (a, b) => median(times.get(a)!.map((t, k) => t / times.get(b)![k])),
  };
}
