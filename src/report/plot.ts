/**
 * The convergence of a run as SVG, drawn by Vega-Lite: stationarity on a logarithmic axis and the objective, both against
 * oracle calls, and the measures of stationarity that were asked for. Vega is large: import this file only when a plot is asked for.
 */
import type { TraceRow } from "../methods/result.js";
import { drawSvg, type TopLevelSpec } from "./vega.js";

export interface PlotOptions {
  readonly title: string;
  /** Below the title: method, status. */
  readonly subtitle: string;
  /** Columns of measures to draw; counters are left out, they are the horizontal axis. */
  readonly measures?: readonly string[] | undefined;
}

/** Long traces are thinned to about this many points, the last one kept. */
const mostPoints = 2000;

interface Point {
  readonly calls: number;
  readonly value: number | null;
  readonly stationarity: number | null;
}

/** Rows as points; what is not finite, and on the logarithmic axis what is not positive, is left out. */
export function pointsOf(trace: readonly TraceRow[]): Point[] {
  const stride = Math.max(1, Math.ceil(trace.length / mostPoints));
  return trace
    .filter((_, i) => i % stride === 0 || i === trace.length - 1)
    .map(({ calls, value, stationarity }) => ({
      calls,
      value: Number.isFinite(value) ? value : null,
      stationarity: Number.isFinite(stationarity) && stationarity > 0 ? stationarity : null,
    }));
}

function panel(field: "value" | "stationarity", title: string, log: boolean, points: readonly Point[]) {
  const values = points.filter((p) => p[field] !== null);
  return {
    width: 560,
    height: 180,
    data: { values },
    mark: { type: "line" as const, point: values.length <= 60, color: "#2f6db3" },
    encoding: {
      x: { field: "calls", type: "quantitative" as const, title: "oracle calls" },
      y: {
        field,
        type: "quantitative" as const,
        title,
        scale: log ? { type: "log" as const } : { zero: false },
        ...(log ? { axis: { format: "~e", tickCount: 6 } } : {}),
      },
    },
  };
}

export interface MeasuredPoint {
  readonly calls: number;
  readonly measure: string;
  readonly value: number;
}

/** Measured rows, one point for each column; what is not positive has no place on a logarithmic axis. */
export function measuredPointsOf(trace: readonly TraceRow[], columns: readonly string[]): MeasuredPoint[] {
  return trace.flatMap(({ calls, extra }) =>
    columns
      .map((measure) => ({ calls, measure, value: extra[measure] ?? Number.NaN }))
      .filter(({ value }) => value > 0 && value < Number.POSITIVE_INFINITY),
  );
}

function measuresPanel(values: readonly MeasuredPoint[]) {
  return {
    width: 560,
    height: 180,
    data: { values: [...values] },
    mark: { type: "line" as const, point: values.length <= 200 },
    encoding: {
      x: { field: "calls", type: "quantitative" as const, title: "oracle calls" },
      y: {
        field: "value",
        type: "quantitative" as const,
        title: "measures",
        scale: { type: "log" as const },
        axis: { format: "~e", tickCount: 6 },
      },
      color: { field: "measure", type: "nominal" as const, title: null },
    },
  };
}

/** The plot as the text of an SVG document. Panels without a single number are left out. */
export async function convergencePlot(trace: readonly TraceRow[], options: PlotOptions): Promise<string> {
  const points = pointsOf(trace);
  const panels = [
    panel("stationarity", "stationarity", true, points),
    panel("value", "upper objective", false, points),
  ].filter((p) => p.data.values.length > 0);
  const measured = measuredPointsOf(trace, options.measures ?? []);
  const spec: TopLevelSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    title: { text: options.title, subtitle: options.subtitle, anchor: "start" },
    vconcat: [
      ...(panels.length > 0 ? panels : [panel("value", "upper objective", false, points)]),
      ...(measured.length > 0 ? [measuresPanel(measured)] : []),
    ],
  };
  return drawSvg(spec);
}
