import { parentPort } from 'node:worker_threads';
import { hostLimitStore } from '../../src/host/index.js';
import { createLimiter } from '../../src/limiter.js';

const limiter = createLimiter({ store: hostLimitStore({ timeoutMs: 5000 }), limits: { maxConcurrent: 2 } });
const lease = await limiter.acquire({ key: 'k' });
if (parentPort === null) console.log('holding');
else parentPort.postMessage('holding');
// Holds the lease until the process is ended.
setInterval(() => lease.key, 60_000);
