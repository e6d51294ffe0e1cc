const key = 'peerpress-operator-token'

/** The token given in this tab, or null. */
export function readOperatorToken(): string | null {
  return sessionStorage.getItem(key)
}

/** Keeps a token until the tab is closed; null forgets it. */
export function keepOperatorToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, token)
}
