// What happened at a site, as marks on its charts. Publications are recorded from this step on: earlier ones have their latest alone.
export const timeline = `
create table peerpress.timeline_entry (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  at timestamptz not null,
  kind text not null,
  subject text,
  text text,
  author text
);
create index timeline_entry_of_site on peerpress.timeline_entry (site, at, id);
create index timeline_entry_of_subject on peerpress.timeline_entry (site, kind, subject, at);
insert into peerpress.timeline_entry (id, site, at, kind, subject, text)
  select substr(md5(site || '/' || post), 1, 16), site, published_at,
    case when revoked then 'revocation' else 'publication' end, post, version::text
  from peerpress.post;
create index post_latest on peerpress.post (site, published_at desc, post collate "C" desc);`
