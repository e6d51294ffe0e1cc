// Sites that disconnected before this step may still have posts to revoke: the first subscriber receives them.
export const outboxAndSchedules = `
create table peerpress.outbox (
  id integer primary key check (id = 1),
  position bigint not null
);
create table peerpress.domain_event (
  position bigint primary key,
  type text not null,
  site text not null,
  data jsonb not null,
  occurred_at timestamptz not null
);
create table peerpress.subscription (
  subscriber text primary key,
  position bigint not null,
  failures integer not null default 0,
  retry_at timestamptz,
  last_error text,
  leased_by text,
  leased_until timestamptz,
  seen_at timestamptz not null
);
create table peerpress.schedule (
  name text primary key,
  cron text not null,
  started_at timestamptz,
  ended_at timestamptz,
  succeeded_at timestamptz,
  error text
);
insert into peerpress.domain_event (position, type, site, data, occurred_at)
  select row_number() over (order by disconnected_at, id), 'site.disconnected', id, '{}', disconnected_at
  from peerpress.site where disconnected_at is not null;
insert into peerpress.outbox (id, position)
  select 1, count(*) from peerpress.domain_event having count(*) > 0;`
