/** A program that counts how often it is asked. */
import type { NlpCounts, NonlinearProgram } from "./program.js";

export function counted(program: NonlinearProgram): { readonly program: NonlinearProgram; readonly counts: NlpCounts } {
  const counts: NlpCounts = {
    value: 0,
    gradient: 0,
    constraints: 0,
    jacobian: 0,
    jacobianProducts: 0,
    hessian: 0,
    hessianProducts: 0,
    factorisations: 0,
  };
  const { jacobian, hessian } = program.products ?? { jacobian: 1, hessian: 1 };
  return {
    counts,
    program: {
      ...program,
      value(u) {
        counts.value++;
        return program.value(u);
      },
      gradientInto(u, out) {
        counts.gradient++;
        program.gradientInto(u, out);
      },
      constraintsInto(u, out) {
        counts.constraints++;
        program.constraintsInto(u, out);
      },
      jacobianInto(u, values) {
        counts.jacobian++;
        counts.jacobianProducts += jacobian;
        program.jacobianInto(u, values);
      },
      hessianInto(u, sigma, z, values) {
        counts.hessian++;
        counts.hessianProducts += hessian;
        program.hessianInto(u, sigma, z, values);
      },
    },
  };
}
