// Creates a database in the folder that the argument names, and exits.
import { PGlite } from '@electric-sql/pglite'

// Ctrl-C reaches the whole process group. The parent process decides whether this one ends.
process.on('SIGINT', () => {})

const pglite = await PGlite.create(process.argv[2] ?? '')
await pglite.close()
