import { accountOf } from '@peerpress/accounts'
import type { Account, Draft } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { requireAction, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { draft } from './draft.ts'
import { UserProblem } from '../user-problem.ts'

builder.relayMutationField(
  'draftApprove',
  {
    inputFields: (t) => ({
      draftId: t.globalID({ required: true, for: draft, description: "The draft's id." }),
    }),
  },
  {
    description:
      'Approves a draft that passed all gates: it goes into the CMS as a post with the status draft and its sources as footnotes. For a signed-in person, whose name is recorded. Of two people who approve it at once, one does.',
    resolve: async (_root, { input }, context) => {
      const { id, person } = await requireDraft(context, input.draftId.id)
      if (!(await context.registry.draftPosts.approve(id, person.name))) {
        throw new UserProblem('CONFLICT', 'draftId', stateOf(await context.registry.drafts.get(id)))
      }
      return requireDraft(context, input.draftId.id)
    },
  },
  {
    outputFields: (t) => ({
      draft: t.field({
        type: draft,
        description: 'What was approved.',
        resolve: (approved) => approved.draft,
      }),
    }),
  },
)

builder.relayMutationField(
  'draftSendAgain',
  {
    inputFields: (t) => ({
      draftId: t.globalID({ required: true, for: draft, description: "The draft's id." }),
    }),
  },
  {
    description:
      'Sends an approved draft into the CMS again after a failure or a conflict. A post that somebody edited there is still not overwritten.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireDraft(context, input.draftId.id)
      if (!(await context.registry.draftPosts.retry(id))) {
        throw new UserProblem('CONFLICT', 'draftId', stateOf(await context.registry.drafts.get(id)))
      }
      return requireDraft(context, input.draftId.id)
    },
  },
  {
    outputFields: (t) => ({
      draft: t.field({ type: draft, description: 'What is sent.', resolve: (sent) => sent.draft }),
    }),
  },
)

interface DraftOfPerson {
  readonly id: string
  readonly draft: Draft
  readonly person: Account
}

/** Loads the draft `SITE/ID` for a person who may publish. @throws {ApiError} */
async function requireDraft(context: RequestContext, named: string): Promise<DraftOfPerson> {
  const [site = '', id = ''] = named.split('/')
  const owner = await siteOf(context, site, 'evidence.read')
  const found = owner === null ? null : await context.registry.drafts.get(id)
  if (found === null || found.site !== owner?.id) {
    throw new UserProblem('NOT_FOUND', 'draftId', 'There is no such draft.')
  }
  requireAction(context, 'post.publish', found.site)
  const person = accountOf(context.principal)
  if (person === null) {
    throw new ApiError('FORBIDDEN', 'A draft is approved by a signed-in person, not by a token.')
  }
  return { id, draft: found, person }
}

function stateOf(found: Draft | null): string {
  if (found === null) return 'There is no such draft.'
  const { status, approvedBy } = found
  return approvedBy === null
    ? `The draft is ${status}.`
    : `${approvedBy} approved it already. ${approvedStates[status] ?? `The draft is ${status}.`}`
}

const approvedStates: Readonly<Partial<Record<Draft['status'], string>>> = {
  approved: 'It is on its way into the CMS.',
  'in-cms': 'It is a draft in the CMS.',
  conflict: 'Somebody edited it in the CMS.',
  failed: 'The CMS did not take it.',
}
