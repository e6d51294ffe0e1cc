/** Set while the reader objects, so that the next page does not assume consent again. */
const objectionKey = 'peerpress:objection'
/** Set when the reader agreed to what the notice says: it is not shown again. */
const agreementKey = 'peerpress:agreement'

/** Whether the reader said no, here or on an earlier page. */
export function remembersObjection(): boolean {
  return remembers(objectionKey)
}

/** Whether the reader agreed to the notice. */
export function remembersAgreement(): boolean {
  return remembers(agreementKey)
}

/** Keeps a refusal for the pages to come, and an agreement where it spares the reader a notice. */
export function rememberChoice(given: boolean, sparesNotice: boolean): void {
  try {
    set(objectionKey, !given)
    set(agreementKey, given && sparesNotice)
  } catch {
    // Storage is switched off; the choice holds for this page.
  }
}

/** Hears what the reader chooses in other tabs of the site. */
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
