import { entry } from "./entry.js";

/** BLO082x: measures of stationarity that a run can be followed by. */
export const measures = {
  BLO0820: entry<{ measure: string; suggestion: string | undefined; known: readonly string[] }>({
    severity: "error",
    title: "unknown measure",
    message: (p) =>
      `there is no measure "${p.measure}"${p.suggestion === undefined ? "" : `; did you mean "${p.suggestion}"?`}; there are ${p.known.join(", ")}`,
    page: `Measures are named in a list, \`--measures\` on the command line and \`measures\` in the options of \`solve\`.

\`\`\`
blo run problem.blo --measures hypergradiant,gap     # wrong: no such measure
blo run problem.blo --measures hypergradient,gap     # right
\`\`\``,
  }),
  BLO0821: entry<{ measure: string; fitting: readonly string[] }>({
    severity: "error",
    title: "measure is not defined with lower constraints",
    message: (p) =>
      `measure "${p.measure}" is not defined for a lower level with general constraints; of the measures, these are: ${p.fitting.join(", ")}`,
    hint: "state simple bounds as the variable's domain, `var y in [0, 5]`",
    page: `Most measures ask for the minimum of the lower level at fixed x by a solver for simple domains. With a \`subject to\` of the
lower level that minimum is another one. The certificate at the end of a run does take constraints into account.

\`\`\`
lower { var y
  minimize (y - x)^2
  subject to y <= 1 }

lower { var y <= 1             # the same as a domain
  minimize (y - x)^2 }
\`\`\``,
  }),
  BLO0822: entry<{ measure: string; found: string; expected: readonly string[] }>({
    severity: "error",
    title: "wrong setting of a measure",
    message: (p) =>
      `measure "${p.measure}" has no setting "${p.found}"; ${p.expected.length === 0 ? "it has none" : `its settings are ${p.expected.join(", ")}`}`,
    page: `Settings of a measure follow its name after colons, each as NAME=NUMBER.

\`\`\`
blo run problem.blo --measures goldstein:radius=0.1                    # wrong: no such setting
blo run problem.blo --measures goldstein:delta=0.01:directions=50      # right
\`\`\``,
  }),
} as const;
