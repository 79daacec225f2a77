/** Where JSON text stops being JSON: a scan by the grammar of RFC 8259 with a stack of open brackets instead of recursion. */

export interface JsonError {
  /** Offset of the first character that does not fit; the text's length where it ends too early. */
  readonly at: number;
  /** What could have stood there, in words. */
  readonly expected: string;
}

const blank = /[ \t\n\r]*/y;
/** Of the control characters (Cc), strings may hold those from U+007F on. */
const string = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const plain = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may come next. */
type State = "value" | "value or ]" | "name" | "name or }" | "after";

/** The first error of a text that `JSON.parse` refused. */
export function jsonErrorAt(text: string): JsonError {
  const open: ("[" | "{")[] = [];
  let state: State = "value";
  let at = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const token = (character: string): boolean => {
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  for (;;) {
    match(blank);
    const inside = open[open.length - 1];
    if (state === "after") {
      if (inside === undefined) return { at, expected: "the end of the file" };
      if (token(inside === "[" ? "]" : "}")) open.pop();
      else if (token(",")) state = inside === "[" ? "value" : "name";
      else return { at, expected: inside === "[" ? "a comma or ]" : "a comma or }" };
    } else if (state === "name" || state === "name or }") {
      if (state === "name or }" && token("}")) {
        open.pop();
        state = "after";
        continue;
      }
      if (!match(string))
        return { at, expected: state === "name" ? "a name in double quotes" : "a name in double quotes or }" };
      match(blank);
      if (!token(":")) return { at, expected: "a colon" };
      state = "value";
    } else if (token("[")) {
      open.push("[");
      state = "value or ]";
    } else if (token("{")) {
      open.push("{");
      state = "name or }";
    } else if (state === "value or ]" && token("]")) {
      open.pop();
      state = "after";
    } else if (match(string) || match(plain)) {
      state = "after";
    } else {
      return { at, expected: state === "value" ? "a value" : "a value or ]" };
    }
  }
}
