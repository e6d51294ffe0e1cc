import type { Plugin } from 'vite'

/** The module of a page of a site, whose folder has its name. */
const pageModule = /\/src\/pages\/([\w-]+)\/\1\.tsx$/

/**
 * Vite plugin: `pages.json` has the scripts of each page of a site that are loaded when it is first shown. The server names those
 * of the requested page in its HTML, so that a browser loads them together with the scripts of every page.
 */
export function pageFiles(): Plugin {
  return {
    name: 'page-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      const importsOf = (file: string, found = new Set<string>()): Set<string> => {
        const chunk = bundle[file]
        if (found.has(file) || chunk?.type !== 'chunk') return found
        found.add(file)
        for (const imported of chunk.imports) importsOf(imported, found)
        return found
      }
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const first = new Set(
        chunks
          .filter(
            ({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith('/index.html') === true,
          )
          .flatMap(({ fileName }) => [...importsOf(fileName)]),
      )
      const pages = chunks.flatMap(({ isDynamicEntry, facadeModuleId, fileName }) => {
        const name = pageModule.exec(facadeModuleId?.replaceAll('\\', '/') ?? '')?.[1]
        if (!isDynamicEntry || name === undefined) return []
        return [[name, [...importsOf(fileName)].filter((file) => !first.has(file))] as const]
      })
      const source = JSON.stringify(Object.fromEntries(pages))
      this.emitFile({ type: 'asset', fileName: 'pages.json', source })
    },
  }
}
