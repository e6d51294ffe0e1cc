// Content-Disposition: what browsers save a download as.
export const dispositions = `
alter table peerpress.post_asset add column disposition text;`
