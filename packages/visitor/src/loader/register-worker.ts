/**
 * Registers the service worker for the whole origin, unless another one has the site already: then null, and
 * PeerPress stands down. Rejects when the browser refuses the registration.
 */
export async function registerWorker(url: string): Promise<ServiceWorkerRegistration | null> {
  const { serviceWorker } = navigator
  const script = new URL(url, location.href).href
  const scope = new URL('/', location.href).href
  const registrations = await serviceWorker.getRegistrations()
  const workers = registrations
    .filter((registration) => registration.scope === scope)
    .map(({ active, waiting, installing }) => active ?? waiting ?? installing)
  const foreign = [serviceWorker.controller, ...workers].some(
    (worker) => worker && worker.scriptURL !== script,
  )
  return foreign ? null : serviceWorker.register(script, { scope })
}
