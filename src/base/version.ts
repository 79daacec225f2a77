/** The version of this package, put in by the build; in a source checkout the word `source`. */
declare const __BLO_VERSION__: string | undefined;

export const version: string = typeof __BLO_VERSION__ === "string" ? __BLO_VERSION__ : "source";
