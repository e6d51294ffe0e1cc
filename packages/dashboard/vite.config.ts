import { defineConfig } from 'vite'

export default defineConfig({
  // Addresses are relative to the page, because a proxy may serve it under a path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A data: URL would need a permission of its own in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
