/** Maximum number of items of one upload. */
export const maxUploadItems = 1000
/** Maximum size of an upload, bytes. In base64 it fits into a request to the graph. */
export const maxUploadBytes = 512 * 1024
