import { afterAll, beforeAll, it } from 'vitest';
import { createPostgresProjectStore } from '../../src/postgres/index.js';
import { projectStoreConformance } from '../../src/testing/index.js';
import { spawnPostgresChild } from '../processes/spawn-child.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { TestPostgres } from './support/postgres-server.js';

let server: TestPostgres;
let places = 0;

describeWithPostgres('store on PostgreSQL', () => {
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  const cases = projectStoreConformance({
    folders: false,
    async createPlace() {
      places += 1;
      // Must be quoted wherever it stands.
      const schema = `Place "${places}'; $$ \\`;
      return {
        open: (clock) => createPostgresProjectStore({ url: server.url, schema, clock, maxConnections: 5 }),
        async damage({ id }) {
          const table = `"${schema.replaceAll('"', '""')}".projects`;
          await server.query(`UPDATE ${table} SET stages = '{"1": {"slug": 5}}' WHERE id = $1`, [id]);
        },
        async lockAndDie({ id }, stage) {
          const child = spawnPostgresChild(server.url, schema, 'hold', id, JSON.stringify(stage));
          await child.said('holding');
          await child.kill();
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  });
  for (const { name, run } of cases) it(name, run);
});
