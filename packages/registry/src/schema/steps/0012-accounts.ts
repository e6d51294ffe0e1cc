// Seeds of release 0.1 have tokens that are derived from the operator's token. They hold for the sites of then, also after
// the operator's token has changed: the key they were derived from is stored under a name of its own.
export const accounts = `
create table peerpress.account (
  id text primary key,
  email text unique,
  name text not null,
  password text,
  is_administrator boolean not null,
  created_at timestamptz not null,
  closed_at timestamptz
);
create table peerpress.membership (
  account text not null references peerpress.account (id) on delete cascade,
  site text not null references peerpress.site (id) on delete cascade,
  role text not null,
  created_at timestamptz not null,
  primary key (account, site)
);
create index membership_site on peerpress.membership (site);
create table peerpress.session (
  hash bytea primary key,
  account text not null references peerpress.account (id) on delete cascade,
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index session_account on peerpress.session (account);
create table peerpress.api_token (
  id text primary key,
  hash bytea not null unique,
  name text not null,
  account text references peerpress.account (id) on delete cascade,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz
);
create table peerpress.api_token_site (
  token text not null references peerpress.api_token (id) on delete cascade,
  site text not null references peerpress.site (id) on delete cascade,
  primary key (token, site)
);
create index api_token_site_site on peerpress.api_token_site (site);
create table peerpress.welcome (
  hash bytea primary key,
  kind text not null,
  email text,
  site text references peerpress.site (id) on delete cascade,
  role text,
  expires_at timestamptz not null
);
create table peerpress.attempt_limit (
  key bytea primary key,
  full_at timestamptz not null
);
create table peerpress.audit_event (
  id text primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  site text,
  subject text
);
create index audit_event_site on peerpress.audit_event (site, at);
alter table peerpress.connection add column account text references peerpress.account (id) on delete cascade;
alter table peerpress.site add column has_derived_seed_tokens boolean not null default false;
update peerpress.site set has_derived_seed_tokens = true;
insert into peerpress.secret (name, value)
  select 'derived-seed-key', value from peerpress.secret where name = 'operator-token';`
