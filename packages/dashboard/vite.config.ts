import { defineConfig } from 'vite'
import { pageFiles } from './page-files.ts'
import { persistDocuments } from './persist-documents.ts'

/** Whether a module is of the dashboard, and not of the editor of queries, which has React. */
function isOfDashboard(id: string): boolean {
  const path = id.replaceAll('\\', '/')
  if (/\/node_modules\//.test(path)) return /\/node_modules\/(?:preact|preact-iso|uplot)\//.test(path)
  return /\/packages\/dashboard\/src\//.test(path) && !/\/src\/graphiql\//.test(path)
}

/** Whether a module reads streams, which the dashboard and the editor of queries do. */
function isOfStreams(id: string): boolean {
  return /\/session\/(?:event-stream|follow-answers)\.ts$|\/node_modules\/eventsource-parser\//.test(
    id.replaceAll('\\', '/'),
  )
}

export default defineConfig({
  // Addresses are relative to the page, because a proxy may serve it under a path.
  base: './',
  plugins: [persistDocuments(), pageFiles()],
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
      output: {
        codeSplitting: {
          // What every page needs is one file: shared modules would be a file for each set of pages that share them, and a
          // browser on a slow connection would wait for the last of a dozen.
          groups: [
            // Vite's helper for imports is in both pages: from the dashboard's file, the editor would run the dashboard, too.
            { name: 'preload-helper', test: /vite\/preload-helper/, priority: 2 },
            // So are streams: in the dashboard in the page "Write", which is loaded later.
            { name: 'streams', test: isOfStreams, priority: 2 },
            { name: 'dashboard', tags: ['$initial'], test: isOfDashboard, priority: 1 },
          ],
        },
      },
      // React's packages mark files for servers that render them. Here all of it runs in the browser.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
})
