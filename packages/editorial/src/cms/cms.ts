import { createHmac } from 'node:crypto'
import { PublisherError, type SiteClient } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import * as v from 'valibot'
import { CmsError } from './cms-error.ts'
import {
  type DraftAnswer,
  draftAnswerSchema,
  type DraftCommand,
  type PageAnswer,
  pageAnswerSchema,
  type PageCommand,
  problemSchema,
} from './commands.ts'

/** A command's site, and the id that all attempts of the command share, so that the CMS carries it out once. */
export interface CommandContext {
  readonly site: SiteId
  readonly id: string
  readonly signal: AbortSignal
}

/** Sends commands to the plugin of a site's CMS. */
export interface Cms {
  /** @throws {CmsError} */
  writePage(command: PageCommand, context: CommandContext): Promise<PageAnswer>
  /** @throws {CmsError} */
  writeDraft(command: DraftCommand, context: CommandContext): Promise<DraftAnswer>
}

export interface CmsOptions {
  readonly registry: Pick<Registry, 'sites'>
  readonly client: Pick<SiteClient, 'post'>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** Works without permalinks, and behind plugins that move `/wp-json/`. */
const path = '?rest_route=/peerpress/v1/commands'
const timeout = 20_000
/** bytes. Titles, descriptions and a sentence fit many times. */
const maxAnswer = 256 * 1024

export function createCms({ registry, client, now = Date.now }: CmsOptions): Cms {
  return {
    writePage: async (command, context) =>
      as(pageAnswerSchema, await send('page.write', { ...command }, context)),
    writeDraft: async (command, context) =>
      as(draftAnswerSchema, await send('draft.write', { ...command }, context)),
  }

  async function send(command: string, content: object, { site: id, id: message, signal }: CommandContext) {
    const [site, secret] = await Promise.all([registry.sites.get(id), registry.sites.webhookSecret(id)])
    if (site === null || secret === null || site.disconnectedAt !== null) {
      throw new CmsError(
        'disconnected',
        'The site is not connected any more: connect it again in the plugin.',
      )
    }
    const body = JSON.stringify({ command, site: id, ...content })
    const headers = signatureOf({ secret, id: message, at: now(), body })
    try {
      const url = `${site.url}${site.url.endsWith('/') ? '' : '/'}${path}`
      const response = await client.post(site, url, body, { headers, signal, timeout })
      const pieces: Buffer[] = []
      for await (const piece of response.read(maxAnswer)) pieces.push(piece)
      return readAnswer(response.status, Buffer.concat(pieces).toString())
    } catch (cause) {
      if (cause instanceof PublisherError && cause.code !== 'stopped') throw unreachable(cause)
      throw cause
    }
  }
}

/** Returns the headers of a message according to https://www.standardwebhooks.com, signed with the site's secret. */
function signatureOf(message: {
  readonly secret: string
  readonly id: string
  readonly at: number
  readonly body: string
}): Record<string, string> {
  const { secret, id, at, body } = message
  const time = String(Math.floor(at / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` }
}

/** Returns the answer's JSON. @throws {CmsError} */
function readAnswer(status: number, text: string): unknown {
  const json = parsed(text)
  if (status === 200 && json !== undefined) return json
  const problem = v.safeParse(problemSchema, json)
  const code = problem.success ? problem.output.code : ''
  if (problem.success && code.startsWith('peerpress-')) {
    const { message } = problem.output
    if (code === 'peerpress-in-progress') throw new CmsError('in-progress', message)
    if (code === 'peerpress-disconnected' || code === 'peerpress-other-site') {
      throw new CmsError('disconnected', message)
    }
    throw new CmsError('refused', message)
  }
  if (status >= 500 || status === 429) {
    throw new CmsError('unreachable', `The site answered with status ${status}.`)
  }
  throw new CmsError(
    'no-plugin',
    `The site answered with status ${status}, and not as the plugin does: update the plugin, and allow /wp-json/peerpress/ in firewalls.`,
  )
}

function as<T>(schema: v.GenericSchema<unknown, T>, answer: unknown): T {
  const read = v.safeParse(schema, answer)
  if (read.success) return read.output
  throw new CmsError('no-plugin', 'The site answered with something that the plugin does not send.')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function unreachable(cause: PublisherError): CmsError {
  const message =
    cause.code === 'too-large'
      ? 'The site answered with more than any answer of the plugin has.'
      : `The site did not answer (${cause.message}).`
  return new CmsError(cause.code === 'too-large' ? 'no-plugin' : 'unreachable', message, { cause })
}
