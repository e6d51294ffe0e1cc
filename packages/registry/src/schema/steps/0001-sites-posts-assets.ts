export const sitesPostsAssets = `
create table peerpress.site (
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
);`
