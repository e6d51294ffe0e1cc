import type { PageConfig } from '@peerpress/wire'

/** The configuration of the service worker. */
type WorkerConfig = Pick<PageConfig, 'worker' | 'scope'>

/** Returns whether another service worker controls the site. Then PeerPress takes no part. */
export async function hasForeignWorker({ worker: url, scope = '/' }: WorkerConfig): Promise<boolean> {
  const { serviceWorker } = navigator
  const registrations = await serviceWorker.getRegistrations()
  const workers = registrations.filter((registration) => registration.scope === absolute(scope)).map(workerOf)
  return [serviceWorker.controller, ...workers].some((worker) => worker && worker.scriptURL !== absolute(url))
}

/** Registers the service worker for the whole site. Rejects if the browser refuses. */
export function registerWorker({
  worker: url,
  scope = '/',
}: WorkerConfig): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(trusted(absolute(url)), { scope: absolute(scope) })
}

/** Returns the registrations of PeerPress's own worker. */
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

/** Returns a script URL that a page with Trusted Types accepts. Throws if the page forbids the policy. */
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
