// The latest statement of the CMS about each post. What was revoked before may have been revoked by a copy of the
// CMS: the post's page decides. A site without events has no CMS that could have stated anything.
export const postStatements = `
create table peerpress.post_statement (
  site text not null references peerpress.site (id) on delete cascade,
  post text not null,
  says text not null check (says in ('published', 'suspended', 'withdrawn')),
  said_at timestamptz not null,
  primary key (site, post)
);
insert into peerpress.post_statement (site, post, says, said_at)
  select site, post, case when revoked then 'suspended' else 'published' end, to_timestamp(0) from peerpress.post
  where exists (select 1 from peerpress.event where event.site = post.site);
alter table peerpress.asset add column released_at timestamptz;`
