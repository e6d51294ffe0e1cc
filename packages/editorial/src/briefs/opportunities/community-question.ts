import type { KnownPost, KnownSignal, SiteKnowledge } from '../../evidence/knowledge.ts'
import type { PostIndex } from '../../search/post-index.ts'
import { termsOf } from '../../search/terms.ts'
import type { FindOpportunities } from '../opportunity.ts'
import { answers } from './query-without-page.ts'

/** Readers that one person who asks stands for: of 100, nine contribute from time to time (Nielsen, "The 90-9-1 Rule", 2006). */
const readersOfOne = 11
/** Two questions are about the same when they share this part of their terms (Jaccard index), ratio 0-1. */
const areSame = 0.6
const maxQuestion = 300

/** Finds what the community asks, and why it objects to posts. */
export const communityQuestion: FindOpportunities = (knowledge, index) =>
  groupsOf(knowledge.signals).map((signals) => {
    const [first] = signals as [KnownSignal]
    const members = signals.reduce((before, each) => before + each.members, 0)
    const post = knowledge.posts.find((each) => each.post === first.post) ?? null
    const text = first.text.slice(0, maxQuestion).toWellFormed()
    const isQuestion = first.kind === 'question'
    const answering = isQuestion ? answeringPost(first.text, knowledge, index) : post
    return {
      kind: 'community-question' as const,
      subject: [...new Set(termsOf(first.text))].toSorted().slice(0, 12).join(' ') || first.evidence,
      question: isQuestion || post === null ? text : `What must "${post.title}" say to answer "${text}"?`,
      topic: post === null ? text : `${post.title} ${text}`,
      readers: isQuestion
        ? 'Members of the community who asked, and readers with the same question'
        : 'Readers of the post who objected',
      region: first.region,
      language: first.language ?? post?.language ?? null,
      evidence: signals.slice(0, 10).map(({ evidence }) => evidence),
      update:
        answering === null
          ? []
          : [
              {
                post: answering.post,
                advice: 'update' as const,
                reason: isQuestion
                  ? 'Its title and headings are about the question: answer it there.'
                  : 'The objection is to this post.',
              },
            ],
      score: members * readersOfOne,
      why: `${members} ${members === 1 ? 'member' : 'members'} ${isQuestion ? 'asked' : first.kind === 'report' ? 'reported' : 'voted against'}${post === null ? '' : ` "${post.title}"`}: "${text}"`,
    }
  })

/** Groups signals of one kind and post that say about the same. */
function groupsOf(signals: readonly KnownSignal[]): KnownSignal[][] {
  const groups: { readonly terms: ReadonlySet<string>; readonly signals: KnownSignal[] }[] = []
  for (const signal of signals) {
    const terms = new Set(termsOf(signal.text))
    const group = groups.find(
      ({ terms: known, signals: [one] }) =>
        one?.kind === signal.kind && one.post === signal.post && similar(known, terms) >= areSame,
    )
    if (group === undefined) groups.push({ terms, signals: [signal] })
    else group.signals.push(signal)
  }
  return groups.map((group) => group.signals)
}

function similar(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = a.union(b).size
  return all === 0 ? 0 : a.intersection(b).size / all
}

function answeringPost(question: string, { posts }: SiteKnowledge, index: PostIndex): KnownPost | null {
  const [best] = posts
    .map((post) => ({ post, share: index.coverage(question, post) }))
    .toSorted((a, b) => b.share - a.share)
  return best !== undefined && best.share >= answers ? best.post : null
}
