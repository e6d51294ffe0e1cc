// Through a variable, because Vite takes `new URL(…, import.meta.url)` for a file to include.
const script = import.meta.url

/**
 * The path of the dashboard's root, with a slash at its end. A proxy may serve the dashboard under a path, so it is the
 * folder above the one of the built script.
 */
export const basePath: string = import.meta.env.DEV ? '/' : new URL('..', script).pathname

/** This server's address, without a slash at its end. */
export const serverAddress: string = new URL(basePath, location.origin).href.replace(/\/$/, '')
