import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  base: "/admin/",
  build: { target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { "/api": process.env.PERENNIAL_URL ?? "http://localhost:8080" } },
  test: { include: ["tests/**/*.test.ts"] },
});
