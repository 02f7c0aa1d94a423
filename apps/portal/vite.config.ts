import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

/** The portal is written against React's types and runs on Preact: its budget is 90 KB of script and style, gzipped. */
export default defineConfig({
  base: "/ui/",
  plugins: [tailwindcss()],
  resolve: {
    alias: [
      { find: /^react$/, replacement: "preact/compat" },
      { find: /^react-dom$/, replacement: "preact/compat" },
      { find: /^react-dom\/client$/, replacement: "preact/compat/client" },
      { find: /^react\/jsx-runtime$/, replacement: "preact/jsx-runtime" },
    ],
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  /** The server replaces the placeholder with a fresh nonce on every answer. */
  html: { cspNonce: "__EASEL_NONCE__" },
  build: {
    // light-dark(), which the tokens use, is in browsers from these versions on.
    target: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
