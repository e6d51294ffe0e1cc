/** Set while the reader objects, so that the next page does not assume consent. */
const objectionKey = 'peerpress:objection'
/** Set when the reader agreed to the notice, which is then not shown again. */
const agreementKey = 'peerpress:agreement'

/** Returns whether the reader refused, here or on an earlier page. */
export function remembersObjection(): boolean {
  return remembers(objectionKey)
}

/** Returns whether the reader agreed to the notice. */
export function remembersAgreement(): boolean {
  return remembers(agreementKey)
}

/** Stores a refusal for later pages. Stores an agreement if it spares the reader a notice. */
export function rememberChoice(given: boolean, sparesNotice: boolean): void {
  try {
    set(objectionKey, !given)
    set(agreementKey, given && sparesNotice)
  } catch {
    // Storage is disabled. The choice holds for this page.
  }
}

/** Calls back with the reader's choices in other tabs of the site. */
export function onChoiceElsewhere(hear: (given: boolean) => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === objectionKey) hear(!newValue)
    else if (key === agreementKey && newValue) hear(true)
  })
}

function remembers(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}

function set(key: string, isSet: boolean): void {
  if (isSet) localStorage.setItem(key, '1')
  else localStorage.removeItem(key)
}
