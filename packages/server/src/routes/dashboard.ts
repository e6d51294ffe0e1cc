import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import express, { type Response, Router } from 'express'

/** Paths that the dashboard's own router shows. */
const pagePaths = [
  '/',
  '/sign-in',
  '/welcome',
  '/you',
  '/accounts',
  '/log',
  '/moderation',
  '/search-console',
  '/sites/:site',
  '/sites/:site/:page',
]

/**
 * Serves the dashboard from a folder: its files, and its one HTML page for every path that its router knows. The page loads
 * files of this server alone.
 */
export function dashboardRoutes(directory: string): Router {
  const router = Router()
  router.get(pagePaths, async (request, response) => {
    const [page, files] = await Promise.all([
      readFile(join(directory, 'index.html'), 'utf8'),
      filesOf(directory, request.params['page']),
    ])
    secure(response)
    response.set('Cache-Control', 'no-cache')
    response.type('html').send(withRelativePaths(withPreloads(page, files), request.path))
  })
  router.use(
    express.static(directory, {
      index: false,
      redirect: false,
      setHeaders(response, path) {
        secure(response)
        const isHashed = path.includes('/assets/')
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    }),
  )
  return router
}

/** Returns the scripts of a page of a site, which the build lists. A page that it does not list has none of its own. */
async function filesOf(directory: string, page: unknown): Promise<readonly string[]> {
  if (typeof page !== 'string') return []
  const text = await readFile(join(directory, 'pages.json'), 'utf8').catch(() => '{}')
  const pages = new Map(Object.entries(JSON.parse(text) as Record<string, readonly string[]>))
  return pages.get(page) ?? []
}

/** The browser loads these together with the scripts of every page, and not after those have run. */
function withPreloads(page: string, files: readonly string[]): string {
  const links = files.map((file) => `<link rel="modulepreload" crossorigin href="./${file}">`)
  return links.length === 0 ? page : page.replace('</head>', `${links.join('')}</head>`)
}

/**
 * Returns the page with the paths of its files relative to the request's path: a proxy may serve the dashboard under a path
 * that this server does not know.
 */
function withRelativePaths(page: string, path: string): string {
  const depth = path.split('/').length - 2
  return depth === 0 ? page : page.replaceAll('="./', `="${'../'.repeat(depth)}`)
}

function secure(response: Pick<Response, 'setHeader'>): void {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  )
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
}
