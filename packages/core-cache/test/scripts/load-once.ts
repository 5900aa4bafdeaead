import { createCache } from '../../src/index.js';
import { diskFromArguments } from '../support/driver.js';
import { loadOnce } from '../support/load-once.js';

await loadOnce(createCache<string>({ disk: diskFromArguments() }));
