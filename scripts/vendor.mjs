/**
 * Third-party packages that only work, or only start fast, as one bundle: every file of a `vendor` folder in src is an entry
 * whose exports are the whole interface. The build and the test runner bundle them the same way, so that what is tested
 * is what ships.
 */
import { build } from "esbuild";

/** True for a source file (or import specifier) that is a vendor entry. */
export const vendorEntry = /[\\/]vendor[\\/][\w-]+\.(ts|js)$/;

/**
 * tfjs-core chooses a platform by looking for Node and then wants `require("util")` and node-fetch. All it needs stands
 * on globals of Node and browsers alike.
 */
const standardPlatform = `
  import { env } from "../environment";
  class StandardPlatform {
    fetch(path, options) { return globalThis.fetch(path, options); }
    now() { return performance.now(); }
    encode(text) { return new TextEncoder().encode(text); }
    decode(bytes, encoding) { return new TextDecoder(encoding).decode(bytes); }
    isTypedArray(a) {
      return a instanceof Float32Array || a instanceof Int32Array || a instanceof Uint8Array || a instanceof Uint8ClampedArray;
    }
  }
  env().setPlatform("standard", new StandardPlatform());
`;
const tfPlatform = {
  name: "tfjs-platform",
  setup(run) {
    run.onLoad({ filter: /tfjs-core[\\/]dist[\\/]platforms[\\/]platform_node\.js$/ }, () => ({
      contents: standardPlatform,
    }));
    run.onLoad({ filter: /tfjs-core[\\/]dist[\\/]platforms[\\/]platform_browser\.js$/ }, () => ({ contents: "" }));
  },
};

/** The text of a vendor entry and all it imports as one ES module, smallest form, licences kept at its end. */
export async function bundleVendor(entry) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "eof",
    loader: { ".css": "text", ".woff2": "base64" },
    logLevel: "warning",
    plugins: [tfPlatform],
  });
  return result.outputFiles[0].text;
}
