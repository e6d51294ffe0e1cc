// Receipts are deleted after their epoch; a day's totals remain. A giver's key is remembered longer than its receipts, so that
// none of them can be presented again in a later epoch. A re-read compares a shared post's media with its manifest.
export const lending = `
create table peerpress.lending_offer (
  seed text primary key,
  id text not null,
  owner text not null references peerpress.site (id) on delete cascade,
  country text not null,
  max_bytes bigint not null,
  bytes_per_day bigint not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  envelope text not null,
  seen_at timestamptz,
  revoked_at timestamptz,
  revoked_reason text
);
create index lending_offer_owner on peerpress.lending_offer (owner);
create table peerpress.lending_grant (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  seed text not null references peerpress.lending_offer (seed) on delete cascade,
  max_bytes bigint not null,
  bytes_per_day bigint not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  envelope text not null,
  revoked_at timestamptz
);
create index lending_grant_seed on peerpress.lending_grant (seed);
create index lending_grant_site on peerpress.lending_grant (site);
create table peerpress.lent_nonce (
  nonce text primary key,
  used_at timestamptz not null
);
create table peerpress.lent_peer (
  peer text primary key,
  seed text not null,
  site text not null,
  post text not null,
  epoch date not null,
  nonce text not null,
  joined_at timestamptz not null
);
create table peerpress.lent_receipt (
  epoch date not null,
  giver text not null,
  taker text not null,
  seed text not null,
  site text not null,
  network text not null,
  bytes bigint not null,
  primary key (epoch, giver, taker)
);
create index lent_receipt_seed on peerpress.lent_receipt (epoch, seed, site);
create table peerpress.lent_day (
  day date not null,
  seed text not null,
  site text not null,
  owner text not null,
  country text not null,
  bytes bigint not null,
  credited bigint not null,
  networks integer not null,
  primary key (day, seed, site)
);
create index lent_day_site on peerpress.lent_day (site, day);
create index lent_day_owner on peerpress.lent_day (owner, day);
create table peerpress.reread (
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  read_at timestamptz not null,
  contradicted_at timestamptz,
  url text,
  primary key (site, post)
);`
