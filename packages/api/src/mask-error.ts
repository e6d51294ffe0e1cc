import { RegistryError } from '@peerpress/registry'
import { GraphQLError } from 'graphql'
import { maskError as maskUnexpected } from 'graphql-yoga'
import { registryRefusal } from './registry-refusal.ts'

/** Returns the error that a client sees: an unexpected one without details, that of a full disk with what to do. */
export function maskError(error: unknown, message: string, isDev?: boolean): Error {
  const cause = error instanceof GraphQLError ? error.originalError : error
  if (cause instanceof RegistryError && cause.code === 'disk-full') {
    return registryRefusal(cause)
  }
  return maskUnexpected(error, message, isDev)
}
