export { ApiError, type ApiErrorCode } from './api-error.ts'
export type { Keeping, PostPublisher, Sources, Viewer } from './context.ts'
export { type Api, type ApiOptions, createApi, maxRequestBytes } from './create-api.ts'
export { type ApiRole, createApiRole } from './api-role.ts'
