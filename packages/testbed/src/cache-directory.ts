import { fileURLToPath } from 'node:url'

/** Folder for prepared copies that later runs reuse. Everything in it can be deleted at any time. */
export const cacheDirectory: string = fileURLToPath(new URL('../../../.cache', import.meta.url))
