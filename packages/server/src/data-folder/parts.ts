import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasPostgresFiles } from '@peerpress/registry'
import { hasStoreFiles } from '@peerpress/store'
import type { ServerConfig } from '../config/config.ts'
import { needsStore } from '../roles/role-names.ts'

/** The folders of a server's data. */
export const partNames = ['registry', 'store', 'beacons', 'assets'] as const
export type PartName = (typeof partNames)[number]

/** An empty file in the data folder: the next start may begin with an empty part beside the others. */
export const beginAnewFile = 'begin-anew'

/** The file with the installation's id in the folders of registry and store. */
export const installationFile = 'installation'

/** The contents of a data folder. */
export interface FoundParts {
  /** Which engines are embedded, so that their data are in the folder. */
  readonly embedded: Readonly<Record<'registry' | 'store', boolean>>
  /** Whether each part has data, in any condition. */
  readonly hasData: Readonly<Record<PartName, boolean>>
  /** The installation's id of each part; null if it was never written, or cannot be read. */
  readonly installation: Readonly<Record<'registry' | 'store', string | null>>
  readonly mayBeginAnew: boolean
  /** The roles of this server need no store, and the folder has none. A later start with other roles creates it. */
  readonly isWithoutStore: boolean
}

type Engines = Pick<ServerConfig, 'dataDirectory' | 'postgresUrl' | 'clickhouseUrl' | 'roles'>

export async function findParts({
  dataDirectory,
  postgresUrl,
  clickhouseUrl,
  roles,
}: Engines): Promise<FoundParts> {
  const at = (...names: readonly string[]) => join(dataDirectory, ...names)
  const [store, beacons, assets, all] = await Promise.all([
    hasStoreFiles(at('store')),
    namesIn(at('beacons')),
    namesIn(at('assets')),
    namesIn(dataDirectory),
  ])
  const [registryId, storeId] = await Promise.all([
    installationOf(at('registry')),
    installationOf(at('store')),
  ])
  return {
    embedded: {
      registry: postgresUrl === undefined,
      store: clickhouseUrl === undefined && needsStore(roles),
    },
    hasData: {
      registry: hasPostgresFiles(at('registry', 'postgres')),
      store,
      beacons: beacons.some((name) => name.includes('.log')),
      assets: assets.length > 0,
    },
    installation: { registry: registryId, store: storeId },
    mayBeginAnew: all.includes(beginAnewFile),
    isWithoutStore: clickhouseUrl === undefined && !needsStore(roles) && !store,
  }
}

/** Why these parts must not be opened together. */
export interface PartsProblem {
  readonly code: 'missing-part' | 'mixed-data'
  readonly problem: string
  readonly wayOut: string
}

/** Returns why the parts do not fit together; null if they fit. */
export function findPartsProblem(parts: FoundParts, dataDirectory: string): PartsProblem | null {
  const { embedded, hasData, installation } = parts
  const at = (name: string) => join(dataDirectory, name)
  const bothHere = embedded.registry && embedded.store
  const { registry: ofRegistry, store: ofStore } = installation
  if (bothHere && ofRegistry !== null && ofStore !== null && ofRegistry !== ofStore) {
    return {
      code: 'mixed-data',
      problem: `the records in ${at('registry')} and the measurements in ${at('store')} are of different installations`,
      wayOut:
        'Put the folder back that belongs to the other, or restore a backup into an empty folder with ./peerpress restore',
    }
  }
  if (parts.mayBeginAnew) return null
  const restOf = (name: PartName) => partNames.filter((other) => other !== name && hasData[other])
  // The data of an engine outside the folder are not visible here.
  const lacks =
    embedded.registry && !hasData.registry
      ? ({
          name: 'registry',
          what: 'records (sites, keys, posts)',
          variable: 'PEERPRESS_POSTGRES_URL',
          rest: restOf('registry'),
        } as const)
      : embedded.store && !hasData.store && hasData.registry && bothHere
        ? ({
            name: 'store',
            what: 'measurements',
            variable: 'PEERPRESS_CLICKHOUSE_URL',
            rest: restOf('store'),
          } as const)
        : undefined
  if (lacks === undefined || lacks.rest.length === 0) return null
  return {
    code: 'missing-part',
    problem: `the ${lacks.what} are missing: ${at(lacks.name)} is empty or gone, beside data in ${lacks.rest.map(at).join(', ')}`,
    wayOut: `If they are on a server, set ${lacks.variable} for this command, too. Otherwise put the folder back, or restore a backup into an empty folder with ./peerpress restore. To begin without it, create the file ${at(beginAnewFile)} and start again`,
  }
}

async function installationOf(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, installationFile), 'utf8').catch(() => '')
  return /^[0-9a-f-]{36}\n?$/.test(text) ? text.trim() : null
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((): string[] => [])
}
