export const snapshots = `
alter table peerpress.post add column snapshot text;
alter table peerpress.post add column snapshot_size integer;
create index post_snapshot on peerpress.post (snapshot);`
