import type { RegistryError } from '@peerpress/registry'
import { ApiError } from './api-error.ts'

/** Returns the refusal of a request that the registry refuses: of its input, unless the disk is full. */
export function registryRefusal(cause: RegistryError): ApiError {
  return new ApiError(cause.code === 'disk-full' ? 'UNAVAILABLE' : 'BAD_USER_INPUT', cause.message, { cause })
}
