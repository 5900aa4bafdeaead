export type { PostgresClient, PostgresPool } from './pool.js';
export { createPostgresProjectStore } from './postgres-store.js';
export type { PostgresProjectStoreOptions } from './store-options.js';
