// Prepares the statements by which new stores get their tables: the steps of the schema one after another take seconds.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectEmbedded } from './src/engine/embedded/embedded-connection.ts'
import { migrate } from './src/schema/migrate.ts'
import { migrations } from './src/schema/migrations.ts'
import {
  digestOfSteps,
  type PreparedTables,
  preparedTablesFile,
  tableStatements,
} from './src/schema/prepared-tables.ts'

const directory = await mkdtemp(join(tmpdir(), 'peerpress-new-tables-'))
try {
  const connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 1024 ** 3 })
  try {
    await migrate(connection, migrations)
    await write({ steps: digestOfSteps(), statements: await tableStatements(connection) })
  } finally {
    await connection.close()
  }
} finally {
  await rm(directory, { recursive: true })
}

/** A server that starts meanwhile reads the former file or this one. */
async function write(tables: PreparedTables): Promise<void> {
  await mkdir(new URL('.', preparedTablesFile), { recursive: true })
  const unnamed = `${fileURLToPath(preparedTablesFile)}.unfinished`
  await writeFile(unnamed, JSON.stringify(tables))
  await rename(unnamed, preparedTablesFile)
}
