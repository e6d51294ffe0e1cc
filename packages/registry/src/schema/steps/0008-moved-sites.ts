export const movedSites = `
alter table peerpress.connection add column moved_site text;`
