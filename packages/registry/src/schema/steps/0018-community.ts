// The sites whose domain is proven, and what their shared posts say about themselves. A registered site proves at most one member
// site, and a member site belongs to one registered site. Its row outlives a removed site until the ledger has recorded the end.
export const community = `
create table peerpress.member_site (
  site text primary key,
  member text not null unique,
  domain text not null,
  skeleton text not null,
  method text not null,
  joined_at timestamptz not null,
  proven_at timestamptz not null,
  checked_at timestamptz not null,
  problem text
);
create index member_site_proven on peerpress.member_site (proven_at);
create index member_site_skeleton on peerpress.member_site (skeleton);
create table peerpress.shared_post (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  member text not null,
  url text not null,
  title text not null,
  summary text not null,
  language text,
  region text,
  topics jsonb not null,
  picture text,
  shared_at timestamptz not null,
  unique (site, post)
);
create index shared_post_member on peerpress.shared_post (member, shared_at);`
