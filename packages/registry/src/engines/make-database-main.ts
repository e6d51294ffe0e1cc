// Makes a database in the folder that is named, and ends.
import { PGlite } from '@electric-sql/pglite'

// A Ctrl-C reaches the whole group; who started this process decides what becomes of it.
process.on('SIGINT', () => {})

const pglite = await PGlite.create(process.argv[2] ?? '')
await pglite.close()
