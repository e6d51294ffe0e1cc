export { environmentVariables, type IceServer, readConfig, type ServerConfig } from './config.ts'
export { operatorTokenFile, seedToken } from './operator-token.ts'
export { ServerError, type ServerErrorCode } from './server-error.ts'
export { type RunningServer, startServer } from './start-server.ts'
export { migrateStoreOf } from './store-of.ts'
export {
  type UnexpectedErrorCounts,
  type UnexpectedErrors,
  watchUnexpectedErrors,
} from './unexpected-errors.ts'
