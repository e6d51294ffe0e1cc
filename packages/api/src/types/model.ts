import { actorOf, may } from '@peerpress/accounts'
import { isFileName } from '@peerpress/editorial'
import { type Model, type ModelInput, modelKinds, type ModelUse, parseHttpUrl } from '@peerpress/registry'
import { isPrivateHost } from '@peerpress/wire/public-address'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const modelKind = builder.enumType('ModelKind', {
  description:
    'Where a model runs. ENDPOINT: an OpenAI-compatible HTTP API. LOCAL: a GGUF file on this server, which only an administrator may choose.',
  values: upperCased(modelKinds),
})

const use = builder.objectRef<ModelUse>('ModelUse').implement({
  description:
    'What the drafts of a site used in a month (UTC). A call that has not ended counts with its maximum.',
  fields: (t) => ({
    month: t.exposeString('month', { description: 'YYYY-MM' }),
    tokens: t.exposeFloat('tokens', { description: 'Tokens of input and output.' }),
    cost: t.exposeFloat('cost', {
      description: 'Millionths of the currency, at the prices of each call; 0 for calls without prices.',
    }),
    calls: t.exposeInt('calls', { description: 'Calls of the model.' }),
  }),
})

const model = builder.objectRef<Model>('Model').implement({
  description: "The model that writes a site's drafts.",
  fields: (t) => ({
    kind: t.expose('kind', { type: modelKind, description: 'Where it runs.' }),
    baseUrl: t.exposeString('baseUrl', {
      nullable: true,
      description: 'The URL before /chat/completions; null for a local model.',
    }),
    name: t.exposeString('name', { description: "The endpoint's name of the model, or a file's name." }),
    hasKey: t.exposeBoolean('hasKey', { description: 'Whether a key is stored. It is never shown.' }),
    allowPrivateAddresses: t.exposeBoolean('allowPrivateAddresses', {
      description: 'Whether the endpoint may have a private address.',
    }),
    inputPrice: t.float({
      nullable: true,
      description: 'For a million tokens of input, in the currency; null if prices are unknown.',
      resolve: ({ prices }) => (prices === null ? null : prices.input / micro),
    }),
    outputPrice: t.float({
      nullable: true,
      description: 'For a million tokens of output, in the currency; null if prices are unknown.',
      resolve: ({ prices }) => (prices === null ? null : prices.output / micro),
    }),
    currency: t.string({
      nullable: true,
      description: 'ISO 4217; null if prices are unknown.',
      resolve: ({ prices }) => prices?.currency ?? null,
    }),
    budget: t.float({
      description: 'A month (UTC) may use so much: units of the currency, or tokens without prices.',
      resolve: ({ prices, budget }) => (prices === null ? budget : budget / micro),
    }),
    maxOutputTokens: t.exposeInt('maxOutputTokens', { description: 'Tokens of one answer at most.' }),
    use: t.field({
      type: use,
      description: 'What this month has used.',
      complexity: work.record,
      resolve: (of, _args, { registry }) => registry.models.use(of.site),
    }),
  }),
})

/** Millionths in a unit of money. */
const micro = 1_000_000

builder.objectFields(site, (t) => ({
  model: t.field({
    type: model,
    nullable: true,
    description: 'The model that writes drafts; null if none was chosen. For owners.',
    complexity: work.record,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'site.configure', id)
      return context.registry.models.get(id)
    },
  }),
  mayManageModels: t.boolean({
    description:
      'Whether this caller may install and choose local models, and let an endpoint have a private address. Administrators may.',
    resolve: (_site, _args, { principal }) => may(principal, 'installation.manage', null),
  }),
  hasModel: t.boolean({
    description: 'Whether a model was chosen, so that drafts can be requested. For members.',
    complexity: work.record,
    resolve: async ({ id }, _args, context) => {
      requireAction(context, 'evidence.read', id)
      return (await context.registry.models.get(id)) !== null
    },
  }),
}))

const modelInput = builder.inputType('ModelInput', {
  description: 'A model with its prices and budget.',
  fields: (t) => ({
    kind: t.field({ type: modelKind, required: true, description: 'Where it runs.' }),
    baseUrl: t.string({ description: 'Of an endpoint: the URL before /chat/completions.' }),
    name: t.string({
      required: true,
      description: "The endpoint's name of the model, or the GGUF file's name.",
    }),
    key: t.string({
      description: 'Of an endpoint. Left out: a stored key stays, unless the URL changes. null: no key.',
    }),
    allowPrivateAddresses: t.boolean({
      description: 'Lets the endpoint have a private address. Only an administrator may. Default: false.',
    }),
    inputPrice: t.float({ description: 'For a million tokens of input. Both prices or none.' }),
    outputPrice: t.float({ description: 'For a million tokens of output.' }),
    currency: t.string({ description: 'ISO 4217, with prices.' }),
    budget: t.float({
      required: true,
      description: 'For a month (UTC): units of the currency, or tokens without prices.',
    }),
    maxOutputTokens: t.int({ description: 'Tokens of one answer, 256-32768. Default: 4096.' }),
  }),
})

builder.relayMutationField(
  'modelSet',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      model: t.field({ type: modelInput, required: true, description: 'The model.' }),
    }),
  },
  {
    description:
      "Chooses the model that writes a site's drafts. Its key is stored encrypted and never shown.",
    resolve: async (_root, { input }, context) => {
      const owner = await requireSite(context, input.siteId, 'site.configure')
      const checked = checkedModel(owner.id, input.model)
      if (checked.kind === 'local' || checked.allowPrivateAddresses) requireAdministrator(context)
      return { model: await context.registry.models.set(checked, actorOf(context.principal)) }
    },
  },
  {
    outputFields: (t) => ({ model: t.expose('model', { type: model, description: 'As it was set.' }) }),
  },
)

builder.relayMutationField(
  'modelRemove',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description: "Removes a site's model with its key.",
    resolve: async (_root, { input: { siteId } }, context) => {
      const { id } = await requireSite(context, siteId, 'site.configure')
      return { wasThere: await context.registry.models.remove(id, actorOf(context.principal)) }
    },
  },
  {
    outputFields: (t) => ({
      wasThere: t.exposeBoolean('wasThere', { description: 'False if the site had none.' }),
    }),
  },
)

function requireAdministrator({ principal }: RequestContext): void {
  if (may(principal, 'installation.manage', null)) return
  throw new ApiError('FORBIDDEN', 'Only an administrator may choose a local model or a private address.')
}

type GivenModel = typeof modelInput.$inferInput

/** @throws {ApiError} `BAD_USER_INPUT` */
function checkedModel(siteId: string, given: GivenModel): ModelInput {
  const { kind, allowPrivateAddresses, maxOutputTokens, key } = given
  const name = given.name.trim()
  refuseUnless(
    name !== '' && name.length <= 200 && !name.includes('\0'),
    'name',
    'The name has 1-200 characters.',
  )
  if (kind === 'local')
    refuseUnless(isFileName(name), 'name', 'A local model is named as its file, such as model.gguf.')
  const tokens = maxOutputTokens ?? 4096
  refuseUnless(tokens >= 256 && tokens <= 32_768, 'maxOutputTokens', 'Tokens of one answer are 256-32768.')
  refuseUnless(
    key == null || /^[\x21-\x7e]{1,500}$/.test(key),
    'key',
    'A key has 1-500 printable characters of ASCII.',
  )
  const prices = pricesOf(given)
  const budget = Math.round(given.budget * (prices === null ? 1 : micro))
  refuseUnless(Number.isSafeInteger(budget) && budget >= 0, 'budget', 'The budget is no amount.')
  return {
    site: siteId,
    kind,
    baseUrl: kind === 'local' ? null : baseUrlOf(given.baseUrl ?? '', allowPrivateAddresses === true),
    name,
    allowPrivateAddresses: kind === 'endpoint' && allowPrivateAddresses === true,
    prices,
    budget,
    maxOutputTokens: tokens,
    ...(key !== undefined && { key }),
  }
}

function pricesOf({ inputPrice, outputPrice, currency }: GivenModel): ModelInput['prices'] {
  if (inputPrice == null && outputPrice == null) return null
  const isPrice = (value: number | null | undefined) => value != null && value >= 0 && value <= 100_000
  refuseUnless(
    isPrice(inputPrice) && isPrice(outputPrice),
    'inputPrice',
    'Enter both prices, each 0-100000, or none.',
  )
  refuseUnless(/^[A-Z]{3}$/.test(currency ?? ''), 'currency', 'The currency is none such as EUR.')
  return {
    input: Math.round((inputPrice ?? 0) * micro),
    output: Math.round((outputPrice ?? 0) * micro),
    currency: currency ?? '',
  }
}

/** A key in the clear could be read on its way, so that only private addresses may do without TLS. */
function baseUrlOf(text: string, mayBePrivate: boolean): string {
  const url = parseHttpUrl(text)
  if (url === null) {
    throw new UserProblem('INVALID', 'baseUrl', 'The URL is none such as https://models.example/v1.')
  }
  refuseUnless(
    mayBePrivate || !isPrivateHost(url.hostname),
    'baseUrl',
    'The URL has a private address. An administrator may allow that.',
  )
  refuseUnless(
    mayBePrivate || url.protocol === 'https:',
    'baseUrl',
    'The URL begins with https://, so that nobody reads the key.',
  )
  refuseUnless(url.search === '' && url.hash === '', 'baseUrl', 'The URL has no query and no fragment.')
  let end = url.href.length
  while (url.href[end - 1] === '/') end--
  return url.href.slice(0, end)
}

/** @throws {UserProblem} */
function refuseUnless(isFine: boolean, field: string, message: string): void {
  if (!isFine) throw new UserProblem('INVALID', field, message)
}
