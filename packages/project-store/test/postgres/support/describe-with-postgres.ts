import process from 'node:process';
import { describe } from 'vitest';
import { hasPostgres } from './postgres-server.js';

if (!hasPostgres && process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1') {
  throw new Error('PostgreSQL is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it');
}
if (!hasPostgres) console.warn('PostgreSQL is not installed: the tests of its store are SKIPPED');

/** Runs if PostgreSQL is installed; otherwise skipped with a notice, or failing if services are required. */
export const describeWithPostgres: typeof describe.skip = hasPostgres ? describe : describe.skip;
