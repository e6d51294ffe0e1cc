// Patterns of ids. They are apart from the schemas so that a reader's bundle can use them without the schema library.

export const siteIdPattern = /^[a-z0-9]{16}$/
export const postIdPattern = /^[A-Za-z0-9._~-]{1,64}$/
/** 32 bytes in hex: a SHA-256, which is also the form of an asset's id. */
export const hashPattern = /^[0-9a-f]{64}$/
/** 32 bytes as base64url: an Ed25519 public key, which is also the form of a peer's id. */
export const keyPattern = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
/** 64 bytes as base64url: an Ed25519 signature. */
export const signaturePattern = /^[A-Za-z0-9_-]{85}[AQgw]$/
