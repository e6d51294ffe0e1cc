import type { DraftContent } from '@peerpress/registry'
import * as v from 'valibot'

/** Limits of a draft. Lengths are in characters. */
export const limits = {
  title: 200,
  description: 400,
  heading: 200,
  sections: 20,
  claims: 30,
  claim: 1500,
  evidence: 12,
  id: 64,
} as const

const text = (maxLength: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(maxLength))

const draftContentSchema = v.object({
  title: text(limits.title),
  description: text(limits.description),
  sections: v.pipe(
    v.array(
      v.object({
        heading: text(limits.heading),
        claims: v.pipe(
          v.array(
            v.object({
              text: text(limits.claim),
              evidence: v.pipe(
                v.array(v.pipe(v.string(), v.maxLength(limits.id))),
                v.maxLength(limits.evidence),
              ),
            }),
          ),
          v.minLength(1),
          v.maxLength(limits.claims),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(limits.sections),
  ),
})

/** The JSON Schema that models get. It names no lengths, because few endpoints accept them: the answer is validated again. */
export const draftJsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'description', 'sections'],
  properties: {
    title: { type: 'string' },
    description: { type: 'string' },
    sections: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['heading', 'claims'],
        properties: {
          heading: { type: 'string' },
          claims: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['text', 'evidence'],
              properties: {
                text: { type: 'string' },
                evidence: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  },
} as const

/** A draft, or why a text is none. */
export type ParsedDraft =
  | { readonly content: DraftContent; readonly problem: null }
  | { readonly content: null; readonly problem: string }

/** Reads a model's answer. Models that ignore the schema often put JSON into a block of Markdown, which is accepted. */
export function parseDraft(answer: string): ParsedDraft {
  const start = answer.indexOf('{')
  const end = answer.lastIndexOf('}')
  let value: unknown
  try {
    value = JSON.parse(answer.slice(Math.max(start, 0), end + 1))
  } catch {
    return { content: null, problem: 'The answer of the model is no JSON, or was cut off.' }
  }
  const parsed = v.safeParse(draftContentSchema, value)
  if (parsed.success) return { content: parsed.output, problem: null }
  const [issue] = parsed.issues
  const path = v.getDotPath(issue)?.slice(0, 100) ?? 'the whole'
  return {
    content: null,
    problem: `The answer of the model is no draft: ${path} is not as it was asked for.`,
  }
}
