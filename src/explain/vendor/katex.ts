/**
 * KaTeX as one bundled module (scripts/vendor.mjs): formulas to HTML, its style sheet, and those of its fonts (woff2, as base64)
 * that formulas of ours use. Import it lazily.
 */

import mainBold from "katex/dist/fonts/KaTeX_Main-Bold.woff2";
import mainItalic from "katex/dist/fonts/KaTeX_Main-Italic.woff2";
import mainRegular from "katex/dist/fonts/KaTeX_Main-Regular.woff2";
import mathItalic from "katex/dist/fonts/KaTeX_Math-Italic.woff2";
import size1 from "katex/dist/fonts/KaTeX_Size1-Regular.woff2";
import size2 from "katex/dist/fonts/KaTeX_Size2-Regular.woff2";
import size3 from "katex/dist/fonts/KaTeX_Size3-Regular.woff2";
import size4 from "katex/dist/fonts/KaTeX_Size4-Regular.woff2";
import style from "katex/dist/katex.min.css";

export { renderToString } from "katex";
export { style };

/** By family and face, as the style sheet names its files. */
export const fonts: Readonly<Record<string, string>> = {
  "Main-Regular": mainRegular,
  "Main-Bold": mainBold,
  "Main-Italic": mainItalic,
  "Math-Italic": mathItalic,
  "Size1-Regular": size1,
  "Size2-Regular": size2,
  "Size3-Regular": size3,
  "Size4-Regular": size4,
};
