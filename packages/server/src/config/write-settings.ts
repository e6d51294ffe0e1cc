// Writes docs/settings.md and the generated part of .env.example: node packages/server/src/config/write-settings.ts
import { writeFile } from 'node:fs/promises'
import { settingsFiles } from './settings-files.ts'

for (const { url, text } of await settingsFiles()) await writeFile(url, text)
