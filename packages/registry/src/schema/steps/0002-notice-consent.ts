export const noticeConsent = `
alter table peerpress.site drop constraint site_consent_check;
alter table peerpress.site add check (consent in ('assumed', 'notice', 'required'));
alter table peerpress.connection drop constraint connection_consent_check;
alter table peerpress.connection add check (consent in ('assumed', 'notice', 'required'));`
