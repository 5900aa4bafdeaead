import { writeFileSync } from 'node:fs';
import { documentConfig } from '../dist/config/index.js';

// Run it after a change of the schema and a build.
writeFileSync(new URL('../../../docs/configuration.md', import.meta.url), documentConfig());
