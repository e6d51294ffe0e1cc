const pattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** Whether an incident, a channel or a notification can have this id. Other ids are not sent to Postgres. */
export function isRecordId(id: string): boolean {
  return pattern.test(id)
}
