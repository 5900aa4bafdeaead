import { describe, expect, it } from 'vitest';
import { entryAsBody } from '../src/entry.js';
import { writeData } from '../src/sse/events.js';
import { surfaceAdapter } from '../src/surfaces/registry.js';

const metadata = { shape: 'stream', name: 'a', upstreamMs: 0 } as const;
const big = '9007199254740993';
const bigger = '12345678901234567890';

describe('entryAsBody', () => {
  it.each([
    [
      'chat',
      [
        `{"trace":${big},"choices":[{"index":0,"seed":${big},"delta":{"content":"Hi","x":${big},"y":{"z":${big}}}}]}`,
        `{"trace":${bigger},"choices":[{"index":0,"seed":${bigger},"delta":{"x":${bigger},"y":{"z":${bigger}}},"finish_reason":"stop"}]}`,
        '[DONE]',
      ],
      [`"trace":${bigger}`, `"x":${bigger}`, `"y":{"z":${bigger}}`, `"seed":${bigger}`],
    ],
    [
      'messages',
      [
        `{"type":"message_start","message":{"role":"assistant","trace":${big},"usage":{"x":${big}}}}`,
        '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi","x":${big}}}`,
        `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!","x":${bigger}}}`,
        '{"type":"content_block_stop","index":0}',
        `{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"x":${bigger}}}`,
        '{"type":"message_stop"}',
      ],
      [`"trace":${big}`, `"usage":{"x":${bigger}}`, `"text":"Hi!","x":${bigger}`],
    ],
    [
      'responses',
      [
        `{"type":"response.created","response":{"trace":${big}}}`,
        `{"type":"response.output_item.added","output_index":0,"item":{"type":"message","x":${big}}}`,
        `{"type":"response.completed","response":{"status":"completed","y":${bigger}}}`,
      ],
      [`"trace":${big}`, `"x":${big}`, `"y":${bigger}`],
    ],
  ] as const)('keeps large integers of a stream of %s', (surface, events, kept) => {
    const entry = { bytes: Buffer.from(events.map(writeData).join('')), metadata };
    const body = Buffer.from(entryAsBody(entry, surfaceAdapter(surface))).toString();
    for (const member of kept) expect(body).toContain(member);
  });
});
