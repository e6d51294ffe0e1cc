// Objectives, probes, incidents, and the messages about them. A site has one open incident per symptom.
export const watch = `
create table peerpress.probe_outcome (
  site text not null references peerpress.site (id) on delete cascade,
  kind text not null,
  at timestamptz not null,
  url text not null,
  ok boolean not null,
  failure jsonb,
  duration_ms double precision not null,
  timings jsonb not null,
  primary key (site, kind, at)
);
create index probe_outcome_at on peerpress.probe_outcome (at);
create table peerpress.objective (
  site text not null references peerpress.site (id) on delete cascade,
  kind text not null,
  target double precision not null,
  changed_at timestamptz not null,
  primary key (site, kind)
);
create table peerpress.incident (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  symptom text not null,
  severity text not null,
  summary text not null,
  since timestamptz not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz
);
create unique index incident_open on peerpress.incident (site, symptom) where resolved_at is null;
create index incident_site on peerpress.incident (site, opened_at);
create table peerpress.incident_entry (
  incident text not null references peerpress.incident (id) on delete cascade,
  number integer not null,
  type text not null,
  at timestamptz not null,
  text text not null,
  primary key (incident, number)
);
create table peerpress.channel (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  kind text not null,
  target text not null,
  secret text,
  created_at timestamptz not null,
  unsubscribed_at timestamptz,
  unique (site, kind, target)
);
create table peerpress.notification (
  id text primary key,
  channel text not null references peerpress.channel (id) on delete cascade,
  number integer not null,
  incident text references peerpress.incident (id) on delete cascade,
  type text not null,
  content jsonb not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  attempted_at timestamptz,
  sent_at timestamptz,
  ended_at timestamptz,
  error text
);
create index notification_pending on peerpress.notification (channel, number) where sent_at is null and ended_at is null;`
