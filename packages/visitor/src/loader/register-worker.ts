/** Whether another service worker has the site already: then PeerPress stands down. */
export async function hasForeignWorker(url: string): Promise<boolean> {
  const { serviceWorker } = navigator
  const registrations = await serviceWorker.getRegistrations()
  const workers = registrations.filter((registration) => registration.scope === absolute('/')).map(workerOf)
  return [serviceWorker.controller, ...workers].some((worker) => worker && worker.scriptURL !== absolute(url))
}

/** Registers the service worker for the whole origin. Rejects when the browser refuses. */
export function registerWorker(url: string): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(trusted(absolute(url)), { scope: absolute('/') })
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
