// What ids look like. Apart from their schemas, so that a reader's bundle can have them without the library.

export const siteIdPattern = /^[a-z0-9]{16}$/
export const postIdPattern = /^[A-Za-z0-9._~-]{1,64}$/
/** 32 bytes in hex: a SHA-256, and so the id of an asset. */
export const hashPattern = /^[0-9a-f]{64}$/
/** 32 bytes as base64url, as an Ed25519 public key is, and so the id of a peer. */
export const keyPattern = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
/** 64 bytes as base64url, as an Ed25519 signature is. */
export const signaturePattern = /^[A-Za-z0-9_-]{85}[AQgw]$/
