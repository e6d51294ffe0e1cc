export const disconnectedSites = `
alter table peerpress.site add column disconnected_at timestamptz;`
