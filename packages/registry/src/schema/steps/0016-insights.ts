// An export is one table of countries over one range of days. Figures of both kinds go with their site.
export const insights = `
create table peerpress.search_export (
  site text not null references peerpress.site (id) on delete cascade,
  first_day date not null,
  last_day date not null,
  imported_at timestamptz not null,
  primary key (site, first_day, last_day)
);
create table peerpress.search_export_country (
  site text not null,
  first_day date not null,
  last_day date not null,
  country text not null,
  clicks bigint not null,
  impressions bigint not null,
  position double precision,
  primary key (site, first_day, last_day, country),
  foreign key (site, first_day, last_day) references peerpress.search_export on delete cascade
);
create table peerpress.analysis (
  site text primary key references peerpress.site (id) on delete cascade,
  analysed_at timestamptz not null,
  regions jsonb not null
);
create table peerpress.finding (
  site text not null references peerpress.site (id) on delete cascade,
  rule text not null,
  subject text not null,
  content jsonb not null,
  effect double precision not null,
  score double precision not null,
  is_current boolean not null,
  first_found_at timestamptz not null,
  last_found_at timestamptz not null,
  dismissed_at timestamptz,
  dismissed_effect double precision,
  primary key (site, rule, subject)
);`
