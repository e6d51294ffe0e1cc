/**
 * Sends a snapshot so that it outlives the page. Resolves to whether it arrived; never rejects.
 * A string body is `text/plain`, which needs no preflight.
 */
export async function postBeacon(server: string, body: string): Promise<boolean> {
  const url = `${server}/v1/beacon`
  try {
    // Where fetch cannot outlive the page (Firefox before 133), sendBeacon can, but does not say what came of it.
    if (typeof fetch !== 'function' || !('keepalive' in Request.prototype))
      return navigator.sendBeacon(url, body)
    const response = await fetch(url, { method: 'POST', body, keepalive: true, credentials: 'omit' })
    return response.ok
  } catch {
    return false
  }
}
