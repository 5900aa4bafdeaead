import { createCache } from '../../../src/index.js';
import { loadOnce } from '../../support/load-once.js';

const url = process.argv[2] ?? '';
await loadOnce(createCache<string>({ shared: { url, commandTimeoutMs: 5000, connectTimeoutMs: 5000 } }));
