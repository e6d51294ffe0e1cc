// A site has one public address at most. A new token ends the former address.
export const sharedReports = `
create table peerpress.public_report (
  site text primary key references peerpress.site (id) on delete cascade,
  token text not null unique,
  created_by text not null,
  created_at timestamptz not null
);
create table peerpress.saved_view (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  account text not null references peerpress.account (id) on delete cascade,
  name text not null,
  path text not null,
  created_at timestamptz not null,
  unique (site, account, name)
);
create index saved_view_account on peerpress.saved_view (account, site);`
