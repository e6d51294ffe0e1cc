export {
  type BackupFile,
  type BackupIndex,
  backupIndexFile,
  isBackupPath,
  parseBackupIndex,
} from './backup/backup-index.ts'
export { type BackupStream, openOfflineBackup } from './backup/offline-backup.ts'
export { readBackup } from './backup/read-backup.ts'
export { requireOutside } from './backup/require-outside.ts'
export { restoreBackup, type Restored, type RestoreStep } from './backup/restore-backup.ts'
export { killEngines } from '@peerpress/store'
export { environmentVariables, readConfig, type ServerConfig } from './config/config.ts'
export type { IceServer } from './config/setting.ts'
export { type SettingOption, settingOptions, settingsUsage } from './config/settings-text.ts'
export { type DataCheck, type DataCheckCode, inspectData } from './data-folder/inspect-data.ts'
export { describeSystemError } from './data-folder/system-error.ts'
export { bodiesFrom } from './entry/bodies.ts'
export { clientAddressBehind } from './entry/client-address.ts'
export { createSenders } from './entry/senders.ts'
export { accountRoutes } from './routes/account.ts'
export { dashboardRoutes } from './routes/dashboard.ts'
export { graphqlRoute } from './routes/graphql.ts'
export { publicReportRoutes } from './routes/public-reports.ts'
export { type RoleName, roleNames } from './roles/role-names.ts'
export { operatorTokenFile } from './operator-token.ts'
export { ServerError, type ServerErrorCode } from './server-error.ts'
export { type RunningServer, startServer } from './compose.ts'
export { migrateStoreOf } from './migrate-store-of.ts'
export {
  type UnexpectedErrorCounts,
  type UnexpectedErrors,
  watchUnexpectedErrors,
} from './metrics/unexpected-errors.ts'
export { verifyLedger } from './verify-ledger.ts'
