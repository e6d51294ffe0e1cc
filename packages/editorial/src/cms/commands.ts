import { postIdSchema } from '@peerpress/wire'
import * as v from 'valibot'

const field = v.nullable(v.pipe(v.string(), v.maxLength(20_000)))
const fields = v.object({ title: field, description: field })
const line = v.pipe(v.string(), v.maxLength(2000))

/** The plugin's answer to `page.write`. */
export const pageAnswerSchema = v.object({
  /** `conflict`: a field had something else than `expected`, and nothing was overwritten. */
  result: v.picklist(['written', 'conflict']),
  /** Whose fields they are: an SEO plugin's name, or `peerpress`. */
  place: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)),
  before: fields,
  now: fields,
})
export type PageAnswer = v.InferOutput<typeof pageAnswerSchema>

/** The plugin's answer to `draft.write`. */
export const draftAnswerSchema = v.object({
  /** `conflict`: somebody edited the post meanwhile. `refused`: the CMS did not save it. */
  result: v.picklist(['written', 'conflict', 'refused']),
  post: v.nullable(postIdSchema),
  status: v.nullable(v.pipe(v.string(), v.maxLength(40))),
  /** Whether the CMS stored something else than it got. */
  isChanged: v.boolean(),
  text: line,
})
export type DraftAnswer = v.InferOutput<typeof draftAnswerSchema>

/** A command to replace title or description of a post's page. */
export interface PageCommand {
  readonly post: string
  readonly title?: string | null
  readonly description?: string | null
  /** What the fields must have now. A field that is left out may have anything. */
  readonly expected?: { readonly title?: string | null; readonly description?: string | null }
}

/** A command to save a draft as a post with the status `draft`. All texts are plain text. */
export interface DraftCommand {
  readonly draft: string
  readonly approvedBy: string
  readonly title: string
  readonly description: string
  readonly sections: readonly {
    readonly heading: string
    readonly claims: readonly { readonly text: string; readonly sources: readonly number[] }[]
  }[]
  /** Claims name them by their place, from 1 on. */
  readonly sources: readonly { readonly text: string; readonly url: string | null }[]
}

/** The refusals of the plugin, `{code: 'peerpress-…', message}`. */
export const problemSchema = v.object({ code: v.pipe(v.string(), v.maxLength(100)), message: line })
