// A site has one connection to a search engine's console. The figures themselves are in the store; a day here was read.
export const searchConsole = `
create table peerpress.search_connection (
  site text primary key references peerpress.site (id) on delete cascade,
  kind text not null,
  account text,
  sealed_credential bytea not null,
  property text,
  connected_at timestamptz not null,
  imported_at timestamptz,
  problem text,
  detail text,
  attempts integer not null default 0,
  resume_at timestamptz
);
create table peerpress.search_day (
  site text not null references peerpress.search_connection (site) on delete cascade,
  day date not null,
  is_final boolean not null,
  read_at timestamptz not null,
  primary key (site, day)
);
create table peerpress.search_authorization (
  state_hash bytea primary key,
  site text not null references peerpress.site (id) on delete cascade,
  holder text not null,
  sealed_verifier bytea not null,
  expires_at timestamptz not null
);`
