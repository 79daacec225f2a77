/** Figures of the experiments: panels of lines or points, side by side, in the colours of the comparison plots. */
import type { TopLevelSpec } from "../../src/report/vega.js";

/** Okabe and Ito's palette, told apart by colour-blind readers; without its yellow, which white paper swallows. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00", "#7f7f7f"];
const dashes = [
  [1, 0],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
];

/** Series with the same label share their style and an entry of the legend. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
  /** A line, or marks without one, or both. */
  readonly as?: "line" | "marks" | "both";
  /** Index into the dashes: 0 whole. Default by the order in the panel. */
  readonly dash?: number;
  /** Index into the colours. Default by the order in the panel. */
  readonly colour?: number;
}

export interface AxisOf {
  readonly title: string;
  readonly log?: boolean;
  readonly domain?: readonly [number, number];
}

export interface Panel {
  readonly title: string;
  readonly x: AxisOf;
  readonly y: AxisOf;
  readonly series: readonly Series[];
  readonly width?: number;
  readonly height?: number;
  /** Columns of the legend below the panel; default 2. */
  readonly columns?: number;
}

const labels =
  "abs(datum.value) >= 0.001 && abs(datum.value) < 100000 || datum.value == 0 ? format(datum.value, '~f') : replace(format(datum.value, '~e'), 'e+', 'e')";

const MOST_TICKS = 7;

function ticks(values: readonly number[]): number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  const stride = Math.max(1, Math.ceil((to - from) / MOST_TICKS));
  const digits = to - from < 3 ? [1, 2, 5] : [1];
  const found: number[] = [];
  for (let k = to; k >= from; k -= stride) found.push(...digits.map((d) => Number(`${d}e${k}`)));
  return found;
}

function channel(field: string, { title, log, domain }: AxisOf, values: readonly number[]) {
  return {
    field,
    type: "quantitative",
    title,
    scale: {
      ...(log ? { type: "log" } : { zero: false }),
      ...(domain ? { domain, clamp: true, nice: false } : { nice: false, padding: 6 }),
    },
    axis: { labelExpr: labels, labelOverlap: true, ...(log ? { values: ticks(domain ?? values) } : { tickCount: 6 }) },
  };
}

/** A row for each label, a mark at its value, coloured by group. */
export interface Dots {
  readonly title: string;
  readonly x: AxisOf;
  readonly dots: readonly { readonly label: string; readonly value: number; readonly group: string }[];
}

function drawnDots({ title, x, dots }: Dots) {
  const rows = dots.filter((d) => Number.isFinite(d.value));
  const groups = [...new Set(dots.map((d) => d.group))];
  return {
    title: { text: title, anchor: "start" },
    width: 330,
    height: { step: 15 },
    data: { values: rows },
    mark: { type: "point", filled: true, size: 55, opacity: 1 },
    encoding: {
      x: channel(
        "value",
        x,
        rows.map((r) => r.value),
      ),
      y: {
        field: "label",
        type: "nominal",
        title: null,
        sort: null,
        axis: { grid: true, ticks: false, domain: false },
      },
      color: {
        field: "group",
        type: "nominal",
        title: null,
        scale: { domain: groups, range: groups.map((_, i) => colours[i % colours.length]) },
        legend: { orient: "bottom", columns: 1 },
      },
    },
  };
}

function drawn(panel: Panel | Dots) {
  if ("dots" in panel) return drawnDots(panel);
  const { title, x, y, series, width = 330, height = 230, columns = 2 } = panel;
  const shown = (p: readonly [number, number]): boolean =>
    Number.isFinite(p[0]) && Number.isFinite(p[1]) && (x.log !== true || p[0] > 0) && (y.log !== true || p[1] > 0);
  const rows = series.flatMap(({ label, points, as = "line" }) =>
    points.filter(shown).map(([a, b], i) => ({ label, as, a, b, i })),
  );
  const named = series.filter((s, i) => series.findIndex((o) => o.label === s.label) === i);
  const names = named.map((s) => s.label);
  const style = (range: readonly unknown[]) => ({
    field: "label",
    type: "nominal",
    title: null,
    sort: names,
    scale: { domain: names, range },
    legend: { orient: "bottom", columns, symbolType: "stroke", symbolSize: 700 },
  });
  const color = style(named.map((s, i) => colours[(s.colour ?? i) % colours.length]));
  const strokeDash = style(named.map((s, i) => dashes[(s.dash ?? i) % dashes.length]));
  const at = {
    x: channel(
      "a",
      x,
      rows.map((r) => r.a),
    ),
    y: channel(
      "b",
      y,
      rows.map((r) => r.b),
    ),
  };
  return {
    title: { text: title, anchor: "start" },
    width,
    height,
    data: { values: rows },
    layer: [
      {
        transform: [{ filter: "datum.as != 'marks'" }],
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: { ...at, color, strokeDash, order: { field: "i", type: "quantitative" } },
      },
      {
        transform: [{ filter: "datum.as != 'line'" }],
        mark: { type: "point", filled: true, size: 40, opacity: 1, clip: true },
        encoding: { ...at, color },
      },
    ],
    resolve: { legend: { color: "shared" } },
  };
}

const config = {
  font: "system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400, gridColor: "#e6e6e6", domainColor: "#888" },
  legend: { labelFontSize: 12, labelLimit: 340, offset: 6, rowPadding: 2 },
  title: { fontSize: 13, fontWeight: 600 },
  view: { stroke: "#bbb" },
};

export function figure(title: string, subtitle: string, panels: readonly (Panel | Dots)[], columns = 2): TopLevelSpec {
  const spec = {
    background: "white",
    padding: 12,
    config,
    title: { text: title, subtitle, anchor: "start", fontSize: 15, subtitleFontSize: 12, offset: 12 },
    concat: panels.map(drawn),
    columns,
    spacing: 28,
    resolve: { scale: { color: "independent", strokeDash: "independent", x: "independent", y: "independent" } },
  };
  return spec as unknown as TopLevelSpec;
}
