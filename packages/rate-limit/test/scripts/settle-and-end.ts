import { hostLimitStore } from '../../src/host/index.js';
import { createLimiter } from '../../src/limiter.js';

const limiter = createLimiter({ store: hostLimitStore({ timeoutMs: 5000 }) });
(await limiter.acquire({ key: 'k' })).settle({ inputTokens: 1, outputTokens: 1 });
