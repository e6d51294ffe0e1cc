import type { Registry } from '@peerpress/registry'
import { UnsubscribeLinks, unsubscribePath, unsubscribeSecret } from '@peerpress/watch'
import { type Response, Router } from 'express'
import type { Bodies } from '../entry/bodies.ts'
import { unsubscribePage, unsubscribePagePolicy } from '../unsubscribe-page.ts'

/** bytes. The form has one field. */
const maxFormBytes = 4 * 1024

/**
 * The link in each e-mail. `GET` shows what it does and changes nothing, because mail scanners open links. `POST` unsubscribes
 * at once (RFC 8058), or subscribes again with `action=subscribe`. The signed link is the only credential.
 */
export function unsubscribeRoutes({
  registry,
  bodies,
}: {
  readonly registry: Pick<Registry, 'channels' | 'secret' | 'sites'>
  readonly bodies: Bodies
}): Router {
  const path = `${unsubscribePath}/:token`
  const channelOf = async (token: string) => {
    const id = new UnsubscribeLinks(await registry.secret(unsubscribeSecret)).channelOf(token)
    const channel = id === null ? null : await registry.channels.get(id)
    return channel?.kind === 'email' ? channel : null
  }
  const answer = async (response: Response, token: string, change?: { readonly isSubscribed: boolean }) => {
    response.set({
      'Content-Security-Policy': unsubscribePagePolicy,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Robots-Tag': 'noindex',
    })
    const found = await channelOf(token)
    const channel =
      found === null || change === undefined
        ? found
        : await registry.channels.subscribe(found.id, change.isSubscribed)
    const site = channel === null ? null : await registry.sites.get(channel.site)
    if (channel === null || site === null) {
      response.status(404).send(unsubscribePage(null))
      return
    }
    response.send(
      unsubscribePage({ host: new URL(site.url).host, isSubscribed: channel.unsubscribedAt === null }),
    )
  }
  const router = Router()
  router.get(path, ({ params }, response) => answer(response, params.token))
  router.post(path, bodies.middleware<{ token: string }>(maxFormBytes), ({ params, body }, response) => {
    const action = new URLSearchParams((body as Buffer).toString()).get('action')
    return answer(response, params.token, { isSubscribed: action === 'subscribe' })
  })
  return router
}
