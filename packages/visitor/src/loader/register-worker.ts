/**
 * Registers the service worker for the whole origin, unless another one has the site already: then null, and
 * PeerPress stands down. Rejects when the browser refuses the registration.
 */
export async function registerWorker(url: string): Promise<ServiceWorkerRegistration | null> {
  const { serviceWorker } = navigator
  const script = absolute(url)
  const scope = absolute('/')
  const registrations = await serviceWorker.getRegistrations()
  const workers = registrations.filter((registration) => registration.scope === scope).map(workerOf)
  const foreign = [serviceWorker.controller, ...workers].some(
    (worker) => worker && worker.scriptURL !== script,
  )
  return foreign ? null : serviceWorker.register(trusted(script), { scope })
}

/** The registrations of PeerPress's own worker. */
export async function ownWorkers(url: string): Promise<readonly ServiceWorkerRegistration[]> {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? []
  return registrations.filter((registration) => workerOf(registration)?.scriptURL === absolute(url))
}

function workerOf({ active, waiting, installing }: ServiceWorkerRegistration): ServiceWorker | null {
  return active ?? waiting ?? installing
}

function absolute(url: string): string {
  return new URL(url, location.href).href
}

/** A page that enforces Trusted Types takes scripts' addresses from a policy only; one that allows no such policy throws. */
function trusted(url: string): string {
  const { trustedTypes } = window as {
    trustedTypes?: {
      createPolicy(name: string, rules: object): { createScriptURL(url: string): string }
    }
  }
  return (
    trustedTypes
      ?.createPolicy('peerpress', { createScriptURL: (text: string) => text })
      .createScriptURL(url) ?? url
  )
}
