import type { Database } from './database.ts'
import { RegistryError } from '../registry-error.ts'

/** Forward-only: an entry that was released is never edited, only followed by another. */
const migrations: readonly string[] = [
  `create table peerpress.site (
     id text primary key,
     url text not null unique,
     origins text[] not null,
     consent text not null check (consent in ('assumed', 'required')),
     allow_private_addresses boolean not null,
     private_key bytea not null,
     public_key bytea not null,
     webhook_secret text not null,
     created_at timestamptz not null
   );
   create table peerpress.asset (
     id text primary key,
     type text not null,
     size bigint not null,
     chunk_size integer not null,
     hashes bytea not null
   );
   create table peerpress.post (
     site text not null references peerpress.site (id) on delete cascade,
     post text not null,
     url text not null,
     version integer not null,
     revoked boolean not null,
     published_at timestamptz not null,
     envelope text not null,
     primary key (site, post)
   );
   create table peerpress.post_asset (
     site text not null,
     post text not null,
     position integer not null,
     asset text not null references peerpress.asset (id),
     url text not null,
     type text not null,
     etag text,
     last_modified text,
     primary key (site, post, url),
     foreign key (site, post) references peerpress.post (site, post) on delete cascade
   );
   create index post_asset_asset on peerpress.post_asset (asset);
   create table peerpress.event (
     site text not null references peerpress.site (id) on delete cascade,
     id text not null,
     received_at timestamptz not null,
     primary key (site, id)
   );
   create table peerpress.connection (
     code_hash bytea primary key,
     url text not null,
     challenge text not null,
     consent text not null check (consent in ('assumed', 'required')),
     allow_private_addresses boolean not null,
     expires_at timestamptz not null
   );
   create table peerpress.secret (
     name text primary key,
     value bytea not null
   );`,
  `alter table peerpress.site drop constraint site_consent_check;
   alter table peerpress.site add check (consent in ('assumed', 'notice', 'required'));
   alter table peerpress.connection drop constraint connection_consent_check;
   alter table peerpress.connection add check (consent in ('assumed', 'notice', 'required'));`,
  `alter table peerpress.post add column snapshot text;
   alter table peerpress.post add column snapshot_size integer;
   create index post_snapshot on peerpress.post (snapshot);`,
  // Versions rise by so much at a restore: readers refuse one that is lower than what they have seen since the backup.
  `create table peerpress.restoration (
     restored_at timestamptz not null,
     raised_by integer not null
   );
   alter table peerpress.post add column unread boolean not null default false;
   create index post_unread on peerpress.post (site) where unread;`,
  // The latest statement of the CMS about each post. What was revoked before may have been revoked by a copy of the
  // CMS: the post's page decides. A site without events has no CMS that could have stated anything.
  `create table peerpress.post_statement (
     site text not null references peerpress.site (id) on delete cascade,
     post text not null,
     says text not null check (says in ('published', 'suspended', 'withdrawn')),
     said_at timestamptz not null,
     primary key (site, post)
   );
   insert into peerpress.post_statement (site, post, says, said_at)
     select site, post, case when revoked then 'suspended' else 'published' end, to_timestamp(0) from peerpress.post
     where exists (select 1 from peerpress.event where event.site = post.site);
   alter table peerpress.asset add column released_at timestamptz;`,
  // The mode was in pages alone until then. Pages and scripts of that time state no policy when they request a ticket: they
  // count as what is recorded at this step, or when the site is registered after it.
  `alter table peerpress.site add column mode text not null default 'full'
     check (mode in ('off', 'seeds-only', 'full'));
   alter table peerpress.site alter column mode drop default;
   alter table peerpress.site add column unstated_mode text not null default 'full'
     check (unstated_mode in ('off', 'seeds-only', 'full'));
   alter table peerpress.site alter column unstated_mode drop default;
   alter table peerpress.site add column unstated_consent text
     check (unstated_consent in ('assumed', 'notice', 'required'));
   update peerpress.site set unstated_consent = consent;
   alter table peerpress.site alter column unstated_consent set not null;
   alter table peerpress.site add column policy_sent_at timestamptz;
   alter table peerpress.connection add column mode text check (mode in ('off', 'seeds-only', 'full'));`,
  `alter table peerpress.site add column disconnected_at timestamptz;`,
  `alter table peerpress.connection add column moved_site text;`,
  // What was published stays while later runs fail: both are in one receipt.
  `create table peerpress.outcome (
     site text not null references peerpress.site (id) on delete cascade,
     post text not null,
     result text not null,
     version integer,
     assets integer,
     left_out jsonb,
     code text,
     message text,
     at timestamptz not null,
     primary key (site, post)
   );`,
  // Content-Disposition: what browsers save a download as.
  `alter table peerpress.post_asset add column disposition text;`,
]

/** The step of the schema that this release works with. */
export const latestSchema = migrations.length

/** Any number: two servers that open the same database migrate one after the other. */
const migrationLock = 4600

/**
 * Brings the database to this release's tables, or to those of an earlier `step`. Does nothing to one that is there
 * already.
 * @throws {RegistryError} `newer-database`.
 */
export async function migrate(database: Database, step = latestSchema): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await sql.query('create schema if not exists peerpress')
    await sql.query(
      `create table if not exists peerpress.migration (
         version integer primary key, applied_at timestamptz not null default now())`,
    )
    const rows = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from peerpress.migration',
    )
    const current = rows[0]?.version ?? 0
    if (current > migrations.length) {
      throw new RegistryError(
        'newer-database',
        `the database is at version ${current}, this release knows ${migrations.length}: update PeerPress`,
      )
    }
    for (const [index, migration] of migrations.entries()) {
      if (index < current || index >= step) continue
      for (const statement of migration.split(';')) {
        if (statement.trim() !== '') await sql.query(statement)
      }
      await sql.query('insert into peerpress.migration (version) values ($1)', [index + 1])
    }
  })
}
