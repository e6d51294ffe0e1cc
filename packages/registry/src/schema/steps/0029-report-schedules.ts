// A report of a period is written once: its first day is recorded in the transaction that writes the messages.
export const reportSchedules = `
create table peerpress.report_schedule (
  id text primary key,
  site text not null references peerpress.site (id) on delete cascade,
  cadence text not null,
  created_at timestamptz not null,
  last_period date not null
);
create index report_schedule_of_site on peerpress.report_schedule (site, created_at, id);
create table peerpress.report_recipient (
  schedule text not null references peerpress.report_schedule (id) on delete cascade,
  channel text not null references peerpress.channel (id) on delete cascade,
  primary key (schedule, channel)
);
alter table peerpress.channel add column has_alerts boolean not null default true;`
