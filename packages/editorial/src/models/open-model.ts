import { type Registry, RegistryError } from '@peerpress/registry'
import { type EndpointLimits, endpointLimits } from './endpoint-fetch.ts'
import { createLocalModel } from './local/local-model.ts'
import type { LocalModels } from './local/local-models.ts'
import type { TextModel } from './text-model.ts'

export interface OpenModelOptions {
  readonly registry: Pick<Registry, 'models'>
  readonly localModels: LocalModels
  /** @default endpointLimits */
  readonly limits?: Partial<EndpointLimits>
}

/**
 * Opens the model of a site as it is set now, with its present key.
 * @throws {RegistryError} `no-model`; {@link ModelError} `local-model` if it is not installed
 */
export async function openModel(
  { registry, localModels, limits }: OpenModelOptions,
  site: string,
): Promise<TextModel> {
  const model = await registry.models.get(site)
  if (model === null) throw new RegistryError('no-model', 'The site has no model: choose one first.')
  if (model.kind === 'local' || model.baseUrl === null) {
    return createLocalModel(await localModels.locate(model.name))
  }
  // Its library is large, and most servers have no model.
  const { createEndpointModel } = await import('./endpoint-model.ts')
  return createEndpointModel({
    baseUrl: model.baseUrl,
    name: model.name,
    key: await registry.models.key(site),
    allowPrivateAddresses: model.allowPrivateAddresses,
    limits: { ...endpointLimits, ...limits },
  })
}
