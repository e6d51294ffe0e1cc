// A page is in one open trial at a time. What the CMS made of a draft is a row of its own, because it comes from another system.
export const advice = `
create table peerpress.page_trial (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  kind text not null,
  started_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  rolled_back_by text,
  rolled_back_at timestamptz
);
create index page_trial_of_site on peerpress.page_trial (site, started_at desc, id);
create table peerpress.page_change (
  id text primary key,
  trial text not null references peerpress.page_trial (id) on delete cascade,
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  url text not null,
  is_changed_half boolean not null,
  is_open boolean not null,
  title text,
  description text,
  seen jsonb not null,
  status text not null,
  place text,
  before jsonb,
  error text,
  written_at timestamptz,
  proven_at timestamptz,
  updated_at timestamptz not null
);
create index page_change_of_trial on peerpress.page_change (trial, post);
create unique index page_change_open on peerpress.page_change (site, post) where is_open;
create table peerpress.draft_post (
  draft text primary key references peerpress.draft (id) on delete cascade,
  site text not null references peerpress.site (id) on delete cascade,
  post text,
  detail text not null,
  updated_at timestamptz not null
);
create index draft_post_of_site on peerpress.draft_post (site, post);
alter table peerpress.channel add column has_digest boolean not null default false;`
