/** Names of the classes. */
export const choiceClasses: readonly string[];
/** The text of instance `index` of a class. */
export function choiceProblem(name: string, index: number): string;
