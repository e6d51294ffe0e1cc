import type { SiteId } from '@peerpress/wire'
import { type AuditAction, recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { readSecret } from '../secrets/secrets.ts'
import { isSiteId } from '../sites/site-id.ts'
import { costOf, type Model, type ModelKind, type ModelUse } from './model.ts'
import { seal, unseal } from './sealed.ts'

export interface ModelInput extends Omit<Model, 'hasKey' | 'changedAt'> {
  /** The endpoint's key. Null: none. Left out: the present key stays if kind and URL stay. */
  readonly key?: string | null
}

/** A call that is about to be made. */
export interface ModelCallInput {
  readonly site: SiteId
  readonly draft: string
  /** Maximum tokens of the call. */
  readonly input: number
  readonly output: number
}

/** The sites' models, their keys, and what their calls use of the budgets. */
export interface Models {
  get(site: SiteId): Promise<Model | null>
  /** Sets a site's model, and records what changed in the audit log. @throws {RegistryError} `unknown-site` */
  set(input: ModelInput, actor: string): Promise<Model>
  /** Removes a site's model with its key, and records it in the audit log. Returns false if the site has none. */
  remove(site: SiteId, actor: string): Promise<boolean>
  /** Decrypts the key of a site's model; null if it has none. */
  key(site: SiteId): Promise<string | null>
  /**
   * Records the maximum of a call before it is made, in one transaction with the check that the month's budget holds it.
   * Returns the id of the call.
   * @throws {RegistryError} `no-model`, `over-budget`
   */
  reserve(call: ModelCallInput): Promise<string>
  /**
   * Replaces a call's maximum by what it used. A call of unknown use keeps its maximum: do not settle it. Returns false if it
   * is settled already.
   */
  settle(call: string, used: { readonly input: number; readonly output: number }): Promise<boolean>
  /** Returns what a site's calls used in the present month. */
  use(site: SiteId): Promise<ModelUse>
}

const secretName = 'model-keys'

export function createModels(database: Database, now: () => number): Models {
  const monthNow = () => new Date(now()).toISOString().slice(0, 7)
  return {
    get: async (site) => {
      if (!isSiteId(site)) return null
      const query = `select ${columns} from peerpress.model where site = $1`
      return (await database.query<ModelRow>(query, [site])).map(modelOf)[0] ?? null
    },
    set: (input, actor) => setModel(database, input, { actor, at: new Date(now()) }),
    remove: async (site, actor) => {
      if (!isSiteId(site)) return false
      return database.transaction(async (sql) => {
        const query = `delete from peerpress.model where site = $1 returning ${columns}`
        const [removed] = (await sql.query<ModelRow>(query, [site])).map(modelOf)
        if (removed === undefined) return false
        await recordAudit(sql, { actor, action: 'model.removed', site, subject: subjectOf(removed) }, now())
        return true
      })
    },
    key: async (site) => {
      if (!isSiteId(site)) return null
      const query = 'select sealed_key from peerpress.model where site = $1'
      const [row] = await database.query<{ sealed_key: Uint8Array | null }>(query, [site])
      if (row?.sealed_key == null) return null
      return unseal(await readSecret(database, secretName), site, row.sealed_key)
    },
    reserve: (call) => reserve(database, call, { month: monthNow(), at: new Date(now()) }),
    settle: async (call, used) => {
      if (!isRecordId(call)) return false
      return database.transaction(async (sql) => {
        const [row] = await sql.query<{ input_price: Count; output_price: Count }>(
          'select input_price, output_price from peerpress.model_call where id = $1 for update',
          [call],
        )
        if (row === undefined) return false
        const settled = await sql.query(
          `update peerpress.model_call set tokens = $2, cost = $3, settled_at = $4
           where id = $1 and settled_at is null returning id`,
          [call, used.input + used.output, costOf(pricesOf(row), used), new Date(now())],
        )
        return settled.length > 0
      })
    },
    use: async (site) => {
      const month = monthNow()
      if (!isSiteId(site)) return { month, tokens: 0, cost: 0, calls: 0 }
      const [row] = await database.query<UseRow>(used, [site, month])
      return {
        month,
        tokens: Number(row?.tokens ?? 0),
        cost: Number(row?.cost ?? 0),
        calls: Number(row?.calls ?? 0),
      }
    },
  }
}

/** Databases return a bigint as a number or as text. */
type Count = number | string | null

interface UseRow {
  readonly tokens: Count
  readonly cost: Count
  readonly calls: Count
}

const used = `select sum(coalesce(tokens, max_tokens))::bigint as tokens, sum(coalesce(cost, max_cost))::bigint as cost,
  count(*)::int as calls from peerpress.model_call where site = $1 and month = $2`

const columns = `site, kind, base_url, name, sealed_key is not null as has_key, allow_private_addresses, input_price,
  output_price, currency, budget, max_output_tokens, changed_at`

interface ModelRow {
  readonly site: SiteId
  readonly kind: ModelKind
  readonly base_url: string | null
  readonly name: string
  readonly has_key: boolean
  readonly allow_private_addresses: boolean
  readonly input_price: Count
  readonly output_price: Count
  readonly currency: string | null
  readonly budget: Count
  readonly max_output_tokens: number
  readonly changed_at: Date
}

function modelOf(row: ModelRow): Model {
  const prices = pricesOf(row)
  return {
    site: row.site,
    kind: row.kind,
    baseUrl: row.base_url,
    name: row.name,
    hasKey: row.has_key,
    allowPrivateAddresses: row.allow_private_addresses,
    prices: prices === null || row.currency === null ? null : { ...prices, currency: row.currency },
    budget: Number(row.budget),
    maxOutputTokens: row.max_output_tokens,
    changedAt: row.changed_at,
  }
}

function pricesOf(row: { readonly input_price: Count; readonly output_price: Count }) {
  if (row.input_price === null || row.output_price === null) return null
  return { input: Number(row.input_price), output: Number(row.output_price) }
}

interface ChangeContext {
  /** As in the audit log. */
  readonly actor: string
  readonly at: Date
}

async function setModel(database: Database, input: ModelInput, { actor, at }: ChangeContext): Promise<Model> {
  const { site, kind, baseUrl, name, allowPrivateAddresses, prices, budget, maxOutputTokens } = input
  if (!isSiteId(site)) throw new RegistryError('unknown-site', 'There is no such site.')
  const secret = await readSecret(database, secretName)
  const sealed = input.key == null ? null : seal(secret, site, input.key)
  return database.transaction(async (sql) => {
    const sites = await sql.query('select 1 from peerpress.site where id = $1 for update', [site])
    if (sites.length === 0) throw new RegistryError('unknown-site', 'There is no such site.')
    const query = `select ${columns} from peerpress.model where site = $1`
    const [former = null] = (await sql.query<ModelRow>(query, [site])).map(modelOf)
    // A key is never sent to another URL than the one that it was entered for.
    const [row] = await sql.query<ModelRow>(
      `insert into peerpress.model as known (site, kind, base_url, name, sealed_key, allow_private_addresses, input_price,
         output_price, currency, budget, max_output_tokens, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (site) do update set kind = $2, base_url = $3, name = $4,
         sealed_key = case when $13::boolean and known.kind = $2 and known.base_url is not distinct from $3
           then known.sealed_key else $5 end,
         allow_private_addresses = $6, input_price = $7, output_price = $8, currency = $9, budget = $10,
         max_output_tokens = $11, changed_at = $12
       returning ${columns}`,
      [
        site,
        kind,
        baseUrl,
        name,
        sealed,
        allowPrivateAddresses,
        prices?.input ?? null,
        prices?.output ?? null,
        prices?.currency ?? null,
        budget,
        maxOutputTokens,
        at,
        input.key === undefined,
      ],
    )
    if (row === undefined) throw new RegistryError('unknown-site', 'There is no such site.')
    const model = modelOf(row)
    await recordChanges(sql, { former, model, hasNewKey: input.key !== undefined }, { actor, at })
    return model
  })
}

interface ModelChange {
  /** Null: the model was added. */
  readonly former: Model | null
  readonly model: Model
  /** Whether a key was entered, or removed by hand. */
  readonly hasNewKey: boolean
}

/** Records what a change did: nothing if it did nothing. A log never has a key. */
async function recordChanges(
  sql: Sql,
  { former, model, hasNewKey }: ModelChange,
  { actor, at }: ChangeContext,
): Promise<void> {
  const actions: AuditAction[] = []
  if (former === null) actions.push('model.added')
  else {
    if (settingsOf(former) !== settingsOf(model)) actions.push('model.changed')
    if (hasNewKey && (former.hasKey || model.hasKey)) actions.push('model.key-replaced')
  }
  for (const action of actions) {
    await recordAudit(sql, { actor, action, site: model.site, subject: subjectOf(model) }, at.getTime())
  }
}

function settingsOf({ kind, baseUrl, name, allowPrivateAddresses, prices, budget, maxOutputTokens }: Model) {
  return JSON.stringify([kind, baseUrl, name, allowPrivateAddresses, prices, budget, maxOutputTokens])
}

function subjectOf({ name, baseUrl }: Model): string {
  return baseUrl === null ? name : `${name} at ${baseUrl}`
}

async function reserve(
  database: Database,
  { site, draft, input, output }: ModelCallInput,
  { month, at }: { readonly month: string; readonly at: Date },
): Promise<string> {
  const noModel = () => new RegistryError('no-model', 'The site has no model: choose one first.')
  if (!isSiteId(site) || !isRecordId(draft)) throw noModel()
  return database.transaction(async (sql) => {
    // The lock makes two reservations at once count each other.
    const [row] = await sql.query<ModelRow>(
      `select ${columns} from peerpress.model where site = $1 for update`,
      [site],
    )
    if (row === undefined) throw noModel()
    const { prices, budget } = modelOf(row)
    const cost = costOf(prices, { input, output })
    const [soFar] = await sql.query<UseRow>(used, [site, month])
    const spent = Number((prices === null ? soFar?.tokens : soFar?.cost) ?? 0)
    const added = prices === null ? input + output : cost
    if (spent + added > budget) {
      const unit = prices === null ? 'tokens' : prices.currency
      const shown = (amount: number) => (prices === null ? String(amount) : (amount / 1_000_000).toFixed(4))
      throw new RegistryError(
        'over-budget',
        `The call may use up to ${shown(added)} ${unit}, and ${shown(Math.max(budget - spent, 0))} ${unit} of this month's budget are left. Raise the budget or wait for the next month.`,
      )
    }
    const id = createRecordId()
    await sql.query(
      `insert into peerpress.model_call (id, site, draft, month, max_tokens, max_cost, input_price, output_price, reserved_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, site, draft, month, input + output, cost, prices?.input ?? null, prices?.output ?? null, at],
    )
    return id
  })
}
