import { Router } from 'express'
import { scriptFiles } from '../bundles.ts'

/** `GET /v1/rum.js`, `/v1/visitor.js`, `/v1/swarm.js`, `/v1/notice.js`, `/v1/worker.js`: what a page embeds. */
export function scriptRoutes(): Router {
  const router = Router()
  for (const [name, file] of Object.entries(scriptFiles)) {
    router.get(`/v1/${name}`, (_request, response) => {
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' })
      response.sendFile(file, { maxAge: '5m', dotfiles: 'allow' })
    })
  }
  return router
}
