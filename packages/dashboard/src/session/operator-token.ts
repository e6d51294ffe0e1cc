const key = 'peerpress-operator-token'

/** Returns the token that was entered in this tab, or null. */
export function readOperatorToken(): string | null {
  return sessionStorage.getItem(key)
}

/** Stores a token until the tab is closed; null removes it. */
export function keepOperatorToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, token)
}
