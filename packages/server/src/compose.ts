import { join } from 'node:path'
import { createAccountServices } from '@peerpress/accounts'
import { createPublisher } from '@peerpress/publisher'
import type { Store } from '@peerpress/store'
import { refuseUpgrade } from '@peerpress/tracker'
import { accountMailer } from './account-mailer.ts'
import { requireWholeData } from './backup/incomplete-restore.ts'
import { removeStaged } from './backup/stage-backup.ts'
import { readPersistedDocuments, requireBundles } from './bundles.ts'
import type { ServerConfig } from './config/config.ts'
import { openDataFolder } from './data-folder/open-data-folder.ts'
import { watchStoreDamage } from './data-folder/watch-store-damage.ts'
import { openEngines } from './engines.ts'
import { bodiesFrom } from './entry/bodies.ts'
import { clientAddressBehind } from './entry/client-address.ts'
import { openEntry } from './entry/open-entry.ts'
import { createSenders } from './entry/senders.ts'
import { makeFirstLink } from './first-link.ts'
import { OperatorToken } from './operator-token.ts'
import { learnRemovals } from './learn-removals.ts'
import type { UnexpectedErrors } from './metrics/unexpected-errors.ts'
import { openLending } from './open-lending.ts'
import { providerSettings } from './provider-settings.ts'
import { openTrust } from './open-trust.ts'
import { watchPublications } from './metrics/watch-publications.ts'
import { needsStore, roleNames } from './roles/role-names.ts'
import { createServerRoles, type ServerRoles } from './roles/server-roles.ts'
import { SupervisedRole } from './roles/supervised-role.ts'
import { openCommunity } from './open-community.ts'
import { createApp } from './routes/app.ts'
import { beaconReceiver } from './routes/beacons.ts'
import type { PartHealth } from './routes/health.ts'
import { type ShutdownPlan, shutDown, stagesOf } from './shutdown.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where it listens: `http://host:port`. */
  readonly url: string
  /** The link of one use that creates the first administrator's account; null if there is one, and without the role api. */
  readonly firstLink: string | null
  /** Ends connections, gives work under way a few seconds and closes the engines: 11 s at most. Never rejects. */
  close(): Promise<void>
}

/**
 * Runs the configured roles in this process and listens. Resolves once every engine is open and at least one role runs; a
 * role that cannot start is tried again, beside the others.
 * @param errors the unhandled errors that `/metrics` exposes
 */
export async function startServer(
  config: ServerConfig,
  { errors }: { readonly errors?: UnexpectedErrors } = {},
): Promise<RunningServer> {
  await requireBundles()
  const clientAddress = clientAddressBehind(config.trustProxy)
  await requireWholeData(config.dataDirectory)
  const onNotice = (notice: string) => console.error(notice)
  const dataFolder = await openDataFolder(config, onNotice)
  const closers: ShutdownPlan = { work: [], collector: [], store: [], registry: [] }
  const report = (problem: string, error?: unknown) =>
    console.error(problem, ...(error === undefined ? [] : [error]))
  let closed: Promise<void> | undefined
  const close = () => (closed ??= shutDown(stagesOf(closers), report))

  try {
    const engines = await openEngines(config, closers, onNotice)
    const { registry, store } = engines
    await dataFolder.complete()
    if (hasOwnMeasurements(config)) {
      onNotice(
        'the measurements of this server are in its own folder, and no other server of its PostgreSQL has them: set PEERPRESS_CLICKHOUSE_URL',
      )
    }
    const storeDamage = store === null ? null : await watchStoreDamage(store, onNotice)
    if (storeDamage !== null)
      closers.work.push({ name: 'the watch for damage', close: () => storeDamage.stop() })
    if (store !== null) closers.work.push({ name: 'the removals', close: learnRemovals(store, report) })
    const publisher = createPublisher({ registry, directory: join(config.dataDirectory, 'assets') })
    const lending = openLending(registry, publisher)
    const trust = openTrust(registry, publisher)
    closers.work.push({ name: 'the re-reads', close: () => trust.close() })
    const publications = watchPublications(publisher, onNotice)
    await removeStaged(config.dataDirectory)
    const operatorToken = await OperatorToken.open(registry, config.dataDirectory)
    const isOperatorToken = (token: string) => operatorToken.matches(token)
    const { publicReports, publicUrl } = config
    const provider = providerSettings(config)
    let url = ''
    const addressOf = () => publicUrl ?? url
    const mailer = accountMailer(config, addressOf)
    const accounts = createAccountServices({ registry, isOperatorToken, publicReports, provider, mailer })
    const senders = createSenders({ credentials: accounts.credentials, clientAddress, publicUrl })
    const community = store === null ? null : openCommunity({ registry, store })
    if (community !== null) {
      closers.work.push({ name: "the community's fetches", close: () => community.close() })
    }
    const roles = createServerRoles({
      config,
      engines,
      publisher,
      lending,
      trust,
      accounts,
      community,
      operatorToken,
      documents: await readPersistedDocuments(),
      publicUrl: addressOf,
      report,
      onOpened: (name, end) => closers.work.push({ name, close: end }),
    })
    const supervised = superviseRoles(roles, closers, report)
    await startRoles(supervised.filter(isAwaited))

    const bodies = bodiesFrom(clientAddress)
    const collector = () => roles.collector?.collector() ?? null
    const tracker = () => roles.tracker?.tracker() ?? null
    const app = createApp({
      config,
      engines,
      roles,
      publisher,
      lending,
      operatorToken,
      accounts,
      community,
      senders,
      clientAddress,
      bodies,
      publicUrl: addressOf,
      health: {
        parts: {
          registry: () => registry.health(),
          ...(store !== null && { store: () => storeHealth(store) }),
        },
        roles: () => supervised.map((role) => role.status()),
        collector,
        tracker,
        publisher,
        bodies,
        errors,
        storeDamage,
        publications,
      },
    })
    const entry = await openEntry({
      ...config,
      takesBeacon:
        roles.collector === null ? () => false : beaconReceiver(collector, { bodies, clientAddress }),
      app,
      upgrade: (request, socket, head) => {
        const running = tracker()
        if (running === null) refuseUpgrade(socket, { status: 503, headers: { 'Retry-After': '10' } })
        else running.upgrade(request, socket, head, clientAddress(request))
      },
    })
    closers.work.push({ name: 'the port', close: () => entry.close() })
    url = entry.url
    for (const role of supervised.filter((...each) => !isAwaited(...each))) {
      role.start().catch((error: unknown) => report(`the role ${role.name} is not watched:`, error))
    }
    const { welcoming } = accounts
    const firstLink =
      roles.api === null ? null : await makeFirstLink(registry, { welcoming, url: publicUrl ?? url })
    return { url, firstLink, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Whether the work is split over servers that share the records, but not the measurements. */
function hasOwnMeasurements({ roles, postgresUrl, clickhouseUrl }: ServerConfig): boolean {
  return (
    postgresUrl !== undefined &&
    clickhouseUrl === undefined &&
    roles.length < roleNames.length &&
    needsStore(roles)
  )
}

/** Roles that no request needs. */
const backgroundRoles: readonly string[] = ['upkeep', 'watch', 'community', 'editorial']

/** Whether requests need the role, so that the server listens only after it has started. */
function isAwaited({ name }: SupervisedRole, _index: number, all: readonly SupervisedRole[]): boolean {
  return !backgroundRoles.includes(name) || all.length === 1
}

/** Puts the roles under supervision, and their ends into the plan. */
function superviseRoles(
  roles: ServerRoles,
  closers: ShutdownPlan,
  report: (problem: string, error?: unknown) => void,
): readonly SupervisedRole[] {
  const supervised = roleNames
    .map((name) => roles[name])
    .filter((role) => role !== null)
    .map((role) => new SupervisedRole(role, { report }))
  for (const role of supervised) {
    const stage = role.name === 'collector' ? closers.collector : closers.work
    stage.push({ name: `the ${role.name}`, close: (left) => role.stop(left) })
  }
  return supervised
}

/**
 * Starts the roles at the same time.
 * @throws the error of the first role if every role failed
 */
async function startRoles(supervised: readonly SupervisedRole[]): Promise<void> {
  const failures = await Promise.all(supervised.map((role) => role.start()))
  const [first] = failures
  if (first != null && failures.every((failure) => failure !== null)) throw first.error
}

function storeHealth(store: Store): PartHealth {
  const { state, answeredMsAgo } = store.health()
  const last =
    answeredMsAgo === null ? 'never answered' : `last answered ${Math.round(answeredMsAgo / 1000)} s ago`
  return state === 'ready' ? { ok: true, detail: null } : { ok: false, detail: `${state}, ${last}` }
}
