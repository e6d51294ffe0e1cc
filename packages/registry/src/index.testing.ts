export {
  findPostgres,
  postgresMissing,
  type PostgresServer,
  startPostgres,
} from './engines/postgres-server.testing.ts'
