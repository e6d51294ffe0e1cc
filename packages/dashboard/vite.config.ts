import { defineConfig } from 'vite'

export default defineConfig({
  // Addresses relative to the page: a proxy may serve it under a path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A data: URL would need its own permission in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
