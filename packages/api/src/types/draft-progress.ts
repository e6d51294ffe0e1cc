import { gateCount } from '@peerpress/editorial'
import { may } from '@peerpress/accounts'
import type { DraftState } from '@peerpress/registry'
import { encodeGlobalID } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { draftStatus, refusal } from './draft.ts'

// It has no field that reads a record, because each event would read it again.
const draftProgress = builder.objectRef<DraftState>('DraftProgress').implement({
  description:
    'How far a draft is. A draft whose server was killed is written anew, and its numbers begin again.',
  fields: (t) => ({
    draftId: t.id({
      description: "The draft's id, for `node`.",
      resolve: ({ site, id }) => encodeGlobalID('Draft', `${site}/${id}`),
    }),
    status: t.expose('status', {
      type: draftStatus,
      description: 'Its state. The last event of a draft has another one than QUEUED and WRITING.',
    }),
    characters: t.int({
      description: 'Characters that the model has sent.',
      resolve: ({ progress }) => progress.characters,
    }),
    sections: t.int({
      description: 'Sections that the model has begun.',
      resolve: ({ progress }) => progress.sections,
    }),
    expectedSections: t.int({
      nullable: true,
      description: "Sections of the brief's outline; null if it has none. The model may write more or fewer.",
      resolve: ({ progress }) => progress.expectedSections,
    }),
    tokens: t.expose('tokens', {
      type: 'Count',
      description:
        'Tokens that it counts on the budget: what the endpoint reported, and the maximum of a call that is not over or was lost.',
    }),
    latestClaim: t.string({
      nullable: true,
      description:
        'The last claim that the model has sent whole, as plain text of at most 300 characters; null if there is none. No gate has seen it.',
      resolve: ({ progress }) => progress.claim,
    }),
    gates: t.int({
      description: 'Gates that have run.',
      resolve: ({ progress }) => progress.gates,
    }),
    expectedGates: t.int({
      description: 'Gates that run before the draft passes or is refused.',
      resolve: () => gateCount,
    }),
    refusals: t.field({
      type: [refusal],
      description: 'What the gates that have run refuse, at most 500.',
      resolve: ({ refusals }) => refusals,
    }),
    problem: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, or what it waits for; null if nothing.',
    }),
  }),
})

/** Drafts of one stream: as many as a site may have that are not written yet. */
const maxDrafts = 20

builder.subscriptionField('draftProgress', (t) =>
  t.field({
    type: draftProgress,
    description:
      'How far drafts are: at once, and after each change, at most twice a second for each draft. Ends when all of them are written, refused, failed or cancelled. For members of their sites.',
    args: {
      ids: t.arg.idList({ required: true, description: 'Global ids of drafts, 1 to 20.' }),
    },
    complexity: ({ ids }) => ({ field: ids.length * work.query, multiplier: 1 }),
    subscribe: (_root, { ids }, context) => streamProgress(ids, context),
    resolve: (state) => state,
  }),
)

async function streamProgress(
  ids: readonly string[],
  context: RequestContext,
): Promise<AsyncIterable<DraftState>> {
  const states = await readStates([...new Set(ids)], context)
  const sites = new Set(states.map(({ site }) => site))
  const stream = context.streams.open<DraftState>({
    sender: context,
    disconnected: context.disconnected,
    isPermitted: (principal) => [...sites].every((site) => may(principal, 'evidence.read', site)),
  })
  const pending = new Set(states.filter(isPending).map(({ id }) => id))
  for (const state of states) stream.put(state.id, state)
  const stop = context.draftWatch.watch(states.filter(isPending), (id, state) => {
    if (state instanceof Error) {
      stream.end(new ApiError('UNAVAILABLE', 'The progress cannot be read now.', { cause: state }))
      return
    }
    if (state !== null) stream.put(id, state)
    if (state === null || !isPending(state)) pending.delete(id)
    if (pending.size === 0) stream.end()
  })
  stream.onEnd(() => {
    for (const { id } of states) stop(id)
  })
  if (pending.size === 0) stream.end()
  return stream
}

function isPending({ status }: DraftState): boolean {
  return status === 'queued' || status === 'writing'
}

/** @throws {ApiError} `BAD_USER_INPUT` unless each is a draft of a site that the principal may read */
async function readStates(ids: readonly string[], context: RequestContext): Promise<DraftState[]> {
  if (ids.length === 0 || ids.length > maxDrafts)
    throw new ApiError('BAD_USER_INPUT', `A stream is of 1 to ${maxDrafts} drafts.`)
  const wanted = ids.map(draftKeyOf)
  // An id of another's site is answered like one that does not exist.
  for (const site of new Set(wanted.map((one) => one.site))) {
    if ((await siteOf(context, site, 'evidence.read')) === null) throw noDraft()
  }
  const states = await context.registry.drafts.states(wanted.map(({ own }) => own))
  const siteOfDraft = new Map(states.map(({ id, site }) => [id, site]))
  if (wanted.some(({ site, own }) => siteOfDraft.get(own) !== site)) throw noDraft()
  return states
}

/** Returns what a draft's global id holds; empty texts for any other id. */
function draftKeyOf(id: string): { readonly site: string; readonly own: string } {
  const [, site = '', own = ''] = /^Draft:(\w+)\/(\w+)$/.exec(Buffer.from(id, 'base64').toString()) ?? []
  return { site, own }
}

function noDraft(): ApiError {
  return new ApiError('BAD_USER_INPUT', 'There is no such draft.')
}
