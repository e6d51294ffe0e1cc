// The days of a site's reports were UTC days until then.
export const siteNamesAndTimeZones = `
alter table peerpress.site add column name text check (char_length(name) between 1 and 100);
alter table peerpress.site add column time_zone text not null default 'UTC'
  check (char_length(time_zone) between 1 and 64);`
