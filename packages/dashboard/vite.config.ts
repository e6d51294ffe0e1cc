import { defineConfig } from 'vite'
import { persistDocuments } from './persist-documents.ts'

export default defineConfig({
  // Addresses are relative to the page, because a proxy may serve it under a path.
  base: './',
  plugins: [persistDocuments()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A data: URL would need a permission of its own in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The graph's own page is for developers: it has React and an editor, which the dashboard never loads.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      // React's packages mark files for servers that render them. Here all of it runs in the browser.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
})
