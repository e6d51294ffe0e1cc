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
    const page = await readFile(join(directory, 'index.html'), 'utf8')
    secure(response)
    response.set('Cache-Control', 'no-cache')
    response.type('html').send(withRelativePaths(page, request.path))
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
