// Evidence and briefs that are not current stay for the drafts that cite them. Everything goes with its site.
export const briefs = `
create table peerpress.upload (
  site text not null references peerpress.site (id) on delete cascade,
  id text not null,
  name text not null,
  kind text not null,
  uploaded_at timestamptz not null,
  uploaded_by text,
  primary key (site, id)
);
create table peerpress.evidence (
  site text not null references peerpress.site (id) on delete cascade,
  id text not null,
  source text not null,
  day date not null,
  region text,
  language text,
  post text,
  title text,
  body text not null,
  url text,
  upload text,
  is_current boolean not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (site, id),
  foreign key (site, upload) references peerpress.upload on delete cascade
);
create index evidence_current on peerpress.evidence (site, source) where is_current;
create table peerpress.page_text (
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  version integer not null,
  url text not null,
  fetched_at timestamptz not null,
  failure text,
  content jsonb,
  primary key (site, post)
);
create table peerpress.search_query (
  site text not null references peerpress.site (id) on delete cascade,
  region text not null,
  first_day date not null,
  last_day date not null,
  query text not null,
  clicks bigint not null,
  impressions bigint not null,
  position double precision,
  primary key (site, region, first_day, last_day, query)
);
create table peerpress.brief_list (
  site text primary key references peerpress.site (id) on delete cascade,
  day date not null,
  made_at timestamptz not null
);
create table peerpress.brief (
  site text not null references peerpress.site (id) on delete cascade,
  id text not null,
  day date not null,
  rank integer not null,
  kind text not null,
  score double precision not null,
  content jsonb not null,
  is_current boolean not null,
  primary key (site, id)
);
create index brief_day on peerpress.brief (site, day, rank)`
