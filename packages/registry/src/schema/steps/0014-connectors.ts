// A page that a source names has a row of its own, so that a poll which was killed continues where it ended.
export const connectors = `
create table peerpress.connector (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  kind text not null,
  url text not null,
  every_minutes integer,
  secret text,
  created_at timestamptz not null,
  cursor jsonb not null default '{}',
  polls integer not null default 0,
  due_at timestamptz,
  polled_at timestamptz,
  succeeded_at timestamptz,
  received_at timestamptz,
  failures integer not null default 0,
  error text,
  named integer,
  requested integer,
  problems jsonb not null default '[]',
  unique (site, kind, url)
);
create index connector_due on peerpress.connector (due_at);
create table peerpress.connector_page (
  connector text not null references peerpress.connector (id) on delete cascade,
  post text not null,
  url text not null,
  hint text,
  named_in integer not null,
  requested_at timestamptz not null,
  primary key (connector, post)
);
create index connector_page_requested on peerpress.connector_page (connector, requested_at);`
