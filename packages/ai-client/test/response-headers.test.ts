import { describe, expect, it } from 'vitest';
import { callerHeaders } from '../src/response-headers.js';

describe('callerHeaders', () => {
  it('passes what concerns the caller, one value each', () => {
    const headers = {
      'content-type': 'application/json',
      'retry-after': '7',
      'openai-processing-ms': '12',
      'x-ratelimit-remaining-requests': '59',
      'cache-control': 'no-store',
      warning: ['199 - "one"', '199 - "two"'],
      'x-absent': undefined,
    };
    const { warning: _warning, 'x-absent': _absent, ...plain } = headers;
    expect(callerHeaders(headers)).toEqual({ ...plain, warning: '199 - "one", 199 - "two"' });
  });

  it.each([
    ['a connection', { connection: 'Keep-Alive, X-Hop', 'x-hop': '1', 'transfer-encoding': 'chunked' }],
    [
      'its encoding',
      { 'content-encoding': 'gzip', 'content-md5': 'x', etag: '"x"', 'accept-ranges': 'bytes' },
    ],
    [
      'the site of the provider',
      { 'strict-transport-security': 'max-age=1', 'alt-svc': 'h3=":443"', nel: '{}' },
    ],
    ['browsers', { 'access-control-allow-origin': '*', 'set-cookie': ['a=b'], 'clear-site-data': '"*"' }],
    ['a proxy in front', { 'x-accel-redirect': '/secret', 'x-accel-buffering': 'yes' }],
    ['another address', { location: 'http://elsewhere.example', refresh: '0;url=http://elsewhere.example' }],
    ['its own cache and price', { 'x-cache': 'HIT', age: '5', 'x-cache-ttl': '5', 'x-cost-usd': '9' }],
  ])('keeps from the caller what is said to, or of, %s', (_what, headers) => {
    expect(callerHeaders(headers)).toEqual({});
  });
});
