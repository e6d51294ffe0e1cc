// A challenge is of one use: it is deleted when it is read. A session has an id that is no secret, so that a person can end it.
export const signInWays = `
create table peerpress.passkey (
  id text primary key,
  account text not null references peerpress.account (id) on delete cascade,
  credential text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  is_synced boolean not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_account on peerpress.passkey (account);
create table peerpress.identity (
  id text primary key,
  issuer text not null,
  subject text not null,
  account text not null references peerpress.account (id) on delete cascade,
  email text,
  created_at timestamptz not null,
  used_at timestamptz not null,
  unique (issuer, subject)
);
create index identity_account on peerpress.identity (account);
create table peerpress.challenge (
  hash bytea primary key,
  purpose text not null,
  account text references peerpress.account (id) on delete cascade,
  content jsonb not null,
  expires_at timestamptz not null
);
create index challenge_expiry on peerpress.challenge (expires_at);
alter table peerpress.session add column id text;
alter table peerpress.session add column network text;
alter table peerpress.session add column way text;
update peerpress.session set id = substr(md5(encode(hash, 'hex') || 'id'), 1, 16);
alter table peerpress.session alter column id set not null;
create unique index session_id on peerpress.session (id);
alter table peerpress.welcome add column id text;
alter table peerpress.welcome add column created_at timestamptz;
alter table peerpress.welcome add column issued_by text;
update peerpress.welcome set id = substr(md5(encode(hash, 'hex') || 'id'), 1, 16);
alter table peerpress.welcome alter column id set not null;
create unique index welcome_id on peerpress.welcome (id);
create index welcome_email on peerpress.welcome (email);`
