// Versions rise by so much at a restore: readers refuse one that is lower than what they have seen since the backup.
export const restorations = `
create table peerpress.restoration (
  restored_at timestamptz not null,
  raised_by integer not null
);
alter table peerpress.post add column unread boolean not null default false;
create index post_unread on peerpress.post (site) where unread;`
