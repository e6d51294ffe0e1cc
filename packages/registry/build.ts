// Prepares the database that new embedded registries are copies of: to make one takes 8 s of processor time.
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  makerOfDatabases,
  type PreparedDatabase,
  preparedDirectory,
  preparedName,
} from './src/engines/prepared-database.ts'
import { postgresFolder } from './src/engines/pglite.ts'
import { openRegistry } from './src/open-registry.ts'

await mkdir(preparedDirectory, { recursive: true })
const prepared: PreparedDatabase = { maker: makerOfDatabases(), folder: `new-database-${randomUUID()}` }
const directory = join(preparedDirectory, prepared.folder)
const unfinished = `${directory}.unfinished`
const registry = await openRegistry({ directory: unfinished })
await registry.jobs.start()
await registry.close()
await rename(join(unfinished, postgresFolder), directory)
// In a container image another user builds than the one that runs the server and copies these files.
for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o644)
}
// A server that starts meanwhile reads the former name or this one. If its folder is removed below, it makes a database itself.
const unnamed = `${directory}.json`
await writeFile(unnamed, JSON.stringify(prepared))
await rename(unnamed, join(preparedDirectory, preparedName))
for (const entry of await readdir(preparedDirectory)) {
  if (entry !== prepared.folder && entry !== preparedName)
    await rm(join(preparedDirectory, entry), { recursive: true, force: true })
}
