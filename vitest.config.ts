import { defineConfig } from "vitest/config";
import { bundleVendor, vendorEntry } from "./scripts/vendor.mjs";

/** Vendor entries run as the bundle that ships, not as loose modules. */
const vendor = {
  name: "vendor",
  enforce: "pre" as const,
  load: (id: string) => (vendorEntry.test(id) && !id.includes("node_modules") ? bundleVendor(id) : undefined),
};

export default defineConfig({
  plugins: [vendor],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      reportOnFailure: true,
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.gen.ts", "src/**/*.d.ts", "src/**/vendor/*.ts"],
      reporter: ["text-summary", "json-summary"],
    },
  },
});
