import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { WatchableProjectStore } from '../../../src/index.js';
import { createPostgresProjectStore, type PostgresProjectStoreOptions } from '../../../src/postgres/index.js';
import { TestPostgres } from './postgres-server.js';

export interface Fixture {
  readonly server: TestPostgres;
  /** A schema name unique to the test. */
  schema(): string;
  /** A store, closed after the test. */
  store(options?: Partial<PostgresProjectStoreOptions>): WatchableProjectStore;
}

/** One server for the tests of a file. */
export function useServer(...args: readonly string[]): Fixture {
  let server: TestPostgres | undefined;
  let schemas = 0;
  beforeAll(async () => {
    server = await TestPostgres.start(...args);
  });
  afterAll(async () => server?.[Symbol.asyncDispose]());
  const fixture: Fixture = {
    get server() {
      if (server === undefined) throw new Error('The server does not run yet');
      return server;
    },
    schema() {
      schemas += 1;
      return `tenant_${schemas}`;
    },
    store(options = {}) {
      const place = options.pool === undefined ? { url: fixture.server.url } : {};
      const store = createPostgresProjectStore({ ...place, schema: fixture.schema(), ...options });
      onTestFinished(() => store.close());
      return store;
    },
  };
  return fixture;
}
