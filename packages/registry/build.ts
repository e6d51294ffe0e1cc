// Prepares the empty database that new embedded registries are copies of: to initialize one takes 5 s of processor time.
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { initializeDatabase } from './src/engines/make-database.ts'
import { engineVersion, preparedDatabase, preparedVersionFile } from './src/engines/prepared-database.ts'

await mkdir(dirname(preparedDatabase), { recursive: true })
// The version file is written last: without it an incomplete database is never copied.
await rm(preparedVersionFile, { force: true })
await rm(preparedDatabase, { recursive: true, force: true })
await initializeDatabase(preparedDatabase)
// In a container image another user builds than the one that runs the server and copies these files.
for (const entry of await readdir(preparedDatabase, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o644)
}
await writeFile(preparedVersionFile, engineVersion())
