import MiniSearch from 'minisearch'
import type { PostId } from '@peerpress/wire'
import type { KnownPost } from '../evidence/knowledge.ts'
import type { TextSection } from '../reading/text-sections.ts'
import { termsOf } from './terms.ts'

/** A post that fits a question. */
export interface FoundPost {
  readonly post: KnownPost
  /** BM25+ */
  readonly score: number
}

/** A part of a post that fits a question. */
export interface FoundSection extends FoundPost {
  readonly section: TextSection
}

/** The posts of a site, searchable. */
export interface PostIndex {
  /** Returns the posts that fit a question, the best first. */
  posts(question: string): FoundPost[]
  /** Returns the sections that fit a question, the best first. */
  sections(question: string): FoundSection[]
  /**
   * Returns how far a post's title and headings have the terms of a question: their share weighted by how rare each is in the site's
   * posts (inverse document frequency), 0-1; 0 for a question without terms.
   */
  coverage(question: string, post: KnownPost): number
  /** Returns how similar the titles and headings of two posts are: cosine of their weighted terms, 0-1. */
  similarity(a: KnownPost, b: KnownPost): number
}

/**
 * BM25+ with its usual constants: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), k = 1.2; Lv and Zhai,
 * "Lower-Bounding Term Frequency Normalization" (2011), d = 0.5; b = 0.7 as `minisearch` has it.
 */
const bm25 = { k: 1.2, b: 0.7, d: 0.5 } as const
/** A term of a title counts as three of the text, one of a heading as two. */
const boost = { title: 3, headings: 2 } as const

export function createPostIndex(posts: readonly KnownPost[]): PostIndex {
  const options = {
    tokenize: (text: string) => termsOf(text),
    processTerm: (term: string) => term,
    searchOptions: { boost, bm25, combineWith: 'OR' as const },
  }
  const whole = new MiniSearch<{ id: PostId; title: string; headings: string; text: string }>({
    ...options,
    fields: ['title', 'headings', 'text'],
  })
  whole.addAll(
    posts.map((post) => ({
      id: post.post,
      title: post.title,
      headings: headingsOf(post),
      text: post.sections.map(({ text }) => text).join('\n'),
    })),
  )
  const parts = new MiniSearch<{ id: string; headings: string; text: string }>({
    ...options,
    fields: ['headings', 'text'],
  })
  const sections = new Map<string, { readonly post: KnownPost; readonly section: TextSection }>()
  for (const post of posts) {
    for (const [index, section] of post.sections.entries()) {
      const id = `${post.post} ${index}`
      sections.set(id, { post, section })
      parts.add({ id, headings: section.heading ?? post.title, text: section.text })
    }
  }
  const byId = new Map(posts.map((post) => [post.post, post]))
  const weights = termWeights(posts)
  const heads = new Map(posts.map((post) => [post.post, headTerms(post)]))
  return {
    posts: (question) =>
      whole.search(question).flatMap(({ id, score }) => {
        const post = byId.get(id as PostId)
        return post === undefined ? [] : [{ post, score }]
      }),
    sections: (question) =>
      parts.search(question).flatMap(({ id, score }) => {
        const found = sections.get(id as string)
        return found === undefined ? [] : [{ ...found, score }]
      }),
    coverage: (question, post) => {
      const terms = new Set(termsOf(question))
      const head = heads.get(post.post) ?? headTerms(post)
      const all = sum(terms, weights)
      return all === 0 ? 0 : sum(terms.intersection(head), weights) / all
    },
    similarity: (a, b) => {
      const [one, two] = [heads.get(a.post) ?? headTerms(a), heads.get(b.post) ?? headTerms(b)]
      const squared = (term: string) => weights(term) ** 2
      const lengths = Math.sqrt(sum(one, squared) * sum(two, squared))
      return lengths === 0 ? 0 : sum(one.intersection(two), squared) / lengths
    },
  }
}

function headingsOf({ sections }: KnownPost): string {
  return sections.map(({ heading }) => heading ?? '').join('\n')
}

function headTerms(post: KnownPost): ReadonlySet<string> {
  return new Set(termsOf(`${post.title}\n${headingsOf(post)}`))
}

/** Returns the inverse document frequency of terms, as BM25 has it: ln(1 + (N - n + 0.5) / (n + 0.5)). */
function termWeights(posts: readonly KnownPost[]): (term: string) => number {
  const counts = new Map<string, number>()
  for (const post of posts) {
    const terms = new Set(termsOf(`${post.title}\n${post.sections.map(({ text }) => text).join('\n')}`))
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  return (term) => {
    const having = counts.get(term) ?? 0
    return Math.log(1 + (posts.length - having + 0.5) / (having + 0.5))
  }
}

function sum(terms: ReadonlySet<string>, weight: (term: string) => number): number {
  let all = 0
  for (const term of terms) all += weight(term)
  return all
}
