// Which version of which part of a site was first seen when. A chart or a finding compares what was before with what came after.
export const releases = `
create table peerpress.release (
  site text not null references peerpress.site (id) on delete cascade,
  component text not null,
  version text not null,
  released_at timestamptz not null,
  primary key (site, component, version)
);
create index release_of_site on peerpress.release (site, released_at desc);`
