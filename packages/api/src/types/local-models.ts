import { actorOf } from '@peerpress/accounts'
import { isFileName, type LocalModelsState } from '@peerpress/editorial'
import { parseHttpUrl } from '@peerpress/registry'
import { isPrivateHost } from '@peerpress/wire/public-address'
import type { RequestContext } from '../context.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { UserProblem } from '../user-problem.ts'

const localModelState = builder.enumType('LocalModelState', {
  description:
    'READY: the file is complete. FETCHING: it is being fetched. STOPPED: it was not fetched to its end; a new fetch of it continues.',
  values: ['READY', 'FETCHING', 'STOPPED'] as const,
})

interface ShownModel {
  readonly name: string
  readonly state: (typeof localModelState)['$inferType']
  readonly bytes: number
  readonly totalBytes: number | null
  readonly problem: string | null
}

const localModel = builder.objectRef<ShownModel>('LocalModel').implement({
  description: 'A GGUF file in the folder "models" of the data folder.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the file.' }),
    state: t.expose('state', { type: localModelState, description: 'Whether it is complete.' }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes that are stored.' }),
    totalBytes: t.exposeFloat('totalBytes', {
      nullable: true,
      description: 'Bytes of the whole file; null while that is unknown.',
    }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why it stopped, or what delays it; null if nothing does.',
    }),
  }),
})

const localModels = builder.objectRef<LocalModelsState>('LocalModels').implement({
  description: 'Models that run on this server.',
  fields: (t) => ({
    isInstalled: t.exposeBoolean('isInstalled', { description: 'Whether the runtime is installed.' }),
    isInstalling: t.exposeBoolean('isInstalling', { description: 'Whether it is being installed.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why the last installation failed; null if it did not.',
    }),
    files: t.stringList({
      description: 'The complete GGUF files in the folder "models" of the data folder.',
      resolve: ({ files }) => files.map(({ name }) => name),
    }),
    models: t.field({
      type: [localModel],
      description: 'The files with their sizes, also those that are not complete.',
      resolve: ({ files, fetches }) => [
        ...fetches.map(({ isRunning, ...fetch }): ShownModel => ({
          ...fetch,
          state: isRunning ? 'FETCHING' : 'STOPPED',
        })),
        ...files.map(({ name, bytes }): ShownModel => ({
          name,
          bytes,
          state: 'READY',
          totalBytes: bytes,
          problem: null,
        })),
      ],
    }),
  }),
})

builder.queryField('localModels', (t) =>
  t.field({
    type: localModels,
    description: 'Models that run on this server. For administrators.',
    resolve: (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      return context.localModels.state()
    },
  }),
)

builder.mutationField('localModelsInstall', (t) =>
  t.field({
    type: localModels,
    description:
      'Begins to install the runtime of local models (node-llama-cpp, for the processor) from the npm registry. For administrators.',
    deprecationReason: 'localModelRuntimeInstall has userErrors.',
    resolve: (_root, _args, context) => beginInstalling(context),
  }),
)

builder.relayMutationField(
  'localModelRuntimeInstall',
  null,
  {
    description:
      'Begins to install the runtime of local models (node-llama-cpp, for the processor) from the npm registry. Read localModels to see progress. For administrators.',
    resolve: async (_root, _args, context) => ({ localModels: await beginInstalling(context) }),
  },
  {
    outputFields: (t) => ({
      localModels: t.expose('localModels', { type: localModels, description: 'The models now.' }),
    }),
  },
)

async function beginInstalling(context: RequestContext): Promise<LocalModelsState> {
  requireAction(context, 'installation.manage', null)
  context.localModels.beginInstalling()
  await record(context, 'local-model.runtime-requested', null)
  return context.localModels.state()
}

builder.relayMutationField(
  'localModelFetch',
  {
    inputFields: (t) => ({
      url: t.string({ required: true, description: 'Where the GGUF file is, such as https://…/model.gguf.' }),
      name: t.string({ required: true, description: 'The name that the file gets, such as model.gguf.' }),
      sha256: t.string({
        required: true,
        description: 'The SHA-256 of the file, 64 hexadecimal digits, as its publisher states it.',
      }),
      allowPrivateAddresses: t.boolean({
        description: 'Lets the file come from a private address, and without TLS. Default: false.',
      }),
    }),
  },
  {
    description:
      'Begins to fetch a GGUF file into the folder "models", or continues. A file with another SHA-256 is removed. Read localModels to see progress. For administrators.',
    resolve: async (_root, { input }, context) => {
      requireAction(context, 'installation.manage', null)
      const request = checkedFetch(input)
      context.localModels.beginFetching(request)
      await record(context, 'local-model.fetched', request.name)
      return { localModels: await context.localModels.state() }
    },
  },
  {
    outputFields: (t) => ({
      localModels: t.expose('localModels', { type: localModels, description: 'The models now.' }),
    }),
  },
)

builder.relayMutationField(
  'localModelRemove',
  { inputFields: (t) => ({ name: t.string({ required: true, description: 'The name of the file.' }) }) },
  {
    description:
      'Removes a GGUF file from the folder "models", and ends its fetch. Drafts of a site that uses it fail until another model is chosen. For administrators.',
    resolve: async (_root, { input: { name } }, context) => {
      requireAction(context, 'installation.manage', null)
      const wasThere = await context.localModels.remove(name)
      if (wasThere) await record(context, 'local-model.removed', name)
      return { wasThere, localModels: await context.localModels.state() }
    },
  },
  {
    outputFields: (t) => ({
      wasThere: t.exposeBoolean('wasThere', { description: 'False if there was no such file.' }),
      localModels: t.expose('localModels', { type: localModels, description: 'The models now.' }),
    }),
  },
)

type LocalModelAction = 'local-model.fetched' | 'local-model.removed' | 'local-model.runtime-requested'

function record(
  { registry, principal }: RequestContext,
  action: LocalModelAction,
  subject: string | null,
): Promise<void> {
  return registry.audit.record({ actor: actorOf(principal), action, subject })
}

interface GivenFetch {
  readonly url: string
  readonly name: string
  readonly sha256: string
  readonly allowPrivateAddresses?: boolean | null | undefined
}

/** @throws {ApiError} `BAD_USER_INPUT` */
function checkedFetch({ url: text, name, sha256, allowPrivateAddresses }: GivenFetch) {
  const mayBePrivate = allowPrivateAddresses === true
  const url = parseHttpUrl(text.trim())
  if (url === null)
    throw new UserProblem('INVALID', 'url', 'The URL is none such as https://models.example/m.gguf.')
  if (!mayBePrivate && (url.protocol !== 'https:' || isPrivateHost(url.hostname))) {
    throw new UserProblem(
      'INVALID',
      'url',
      'The URL begins with https:// and has a public address, unless you allow others.',
    )
  }
  if (!isFileName(name))
    throw new UserProblem('INVALID', 'name', 'The name of the file is none such as model.gguf.')
  const digest = sha256.trim().toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new UserProblem('INVALID', 'sha256', 'A SHA-256 has 64 hexadecimal digits.')
  return { url: url.href, name, sha256: digest, allowPrivateAddresses: mayBePrivate }
}
