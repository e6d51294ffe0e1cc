// What a gigabyte from the origin costs a site, in money and carbon. Null: the price is unknown, the carbon is the default.
export const savingsRates = `
alter table peerpress.site add column price_per_gigabyte double precision
  check (price_per_gigabyte between 0 and 1000000);
alter table peerpress.site add column price_currency text check (price_currency ~ '^[A-Z]{3}$');
alter table peerpress.site add column carbon_per_gigabyte double precision
  check (carbon_per_gigabyte between 0 and 1000000);
alter table peerpress.site add check ((price_per_gigabyte is null) = (price_currency is null));`
