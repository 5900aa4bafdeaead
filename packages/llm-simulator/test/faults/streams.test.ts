import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Bench, bench, payloads } from '../support.js';

/** The text of a stream as far as it came, and the error that ended it. */
async function read(
  b: Bench,
  fault: string,
  body: Record<string, unknown> = { stream: true },
): Promise<{ text: string; error: unknown; response: Response }> {
  const response = await b.chat(body, { 'x-simulator-fault': fault });
  let text = '';
  let error: unknown;
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch (caught) {
    error = caught;
  }
  return { text, error, response };
}

function contentOf(text: string): string {
  return payloads(text)
    .map((chunk) => (chunk.choices as { delta: { content?: string } }[])[0]?.delta.content ?? '')
    .join('');
}

describe('streams that end badly', () => {
  it('cut after N events: exactly those arrive, and exactly those are billed', async () => {
    await using b = await bench();
    const { text, error } = await read(b, 'cut-after=4');
    expect(error).toBeDefined();
    expect(payloads(text)).toHaveLength(4);
    expect(b.simulator.stats()).toMatchObject({
      routes: { 'chat.completions': { faulted: 1 } },
      tokens: { input: 7, output: Math.ceil(contentOf(text).length / 4) },
    });
  });

  it('ended properly after N events, without the terminal one', async () => {
    await using b = await bench();
    const { text, error } = await read(b, 'end-after=3');
    expect(error).toBeUndefined();
    expect(payloads(text)).toHaveLength(3);
    expect(text).not.toContain('[DONE]');
  });

  it('whole but for the terminal event, or the finish reason, or the choices', async () => {
    await using b = await bench();
    expect((await read(b, 'no-terminal')).text).not.toContain('[DONE]');
    expect((await read(b, 'no-finish-reason')).text).not.toContain('"stop"');
    expect(payloads((await read(b, 'empty-choices')).text)).toEqual([
      expect.objectContaining({ choices: [] }),
    ]);
    expect(b.simulator.stats().routes['chat.completions']).toMatchObject({ faulted: 3, ok: 0 });
  });

  it('an error frame inside the 200, which the official client throws', async () => {
    await using b = await bench();
    const { text } = await read(b, 'error-after=2; error=server_error');
    expect(payloads(text).at(-1)).toMatchObject({ error: { type: 'server_error' } });
    expect(text).not.toContain('[DONE]');
    b.simulator.setFaults('error-after=2');
    const stream = b.openai.chat.completions.stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(stream.finalContent()).rejects.toThrow();
  });

  it('a garbage frame in the middle of a stream that goes on', async () => {
    await using b = await bench();
    const { text } = await read(b, 'garbage-after=2');
    expect(text).toContain('data: {"garbage"');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('a content filter half-way', async () => {
    await using b = await bench();
    const { text } = await read(b, 'content-filter');
    expect(payloads(text).at(-1)).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
  });

  it('hung after N events, or before the head, until the reader leaves', async () => {
    await using b = await bench();
    for (const fault of ['hang-after=2', 'hang-after=0', 'hang']) {
      const call = httpRequest(`${b.simulator.openaiBaseUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'x-simulator-fault': fault },
      });
      call.on('error', () => undefined);
      call.end(
        JSON.stringify({ model: 'x', stream: true, messages: [{ role: 'user', content: 'say hello' }] }),
      );
      if (fault === 'hang-after=2') {
        const [response] = await once(call, 'response');
        await once(response, 'data');
      } else {
        while (b.simulator.stats().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      call.destroy();
      while (b.simulator.stats().inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(b.simulator.stats()).toMatchObject({
      requests: 3,
      routes: { 'chat.completions': { aborted: 3 } },
    });
  });

  it('closes while streams hang', async () => {
    const b = await bench();
    const hung = b.chat({ stream: true }, { 'x-simulator-fault': 'hang' }).catch((error: unknown) => error);
    while (b.simulator.stats().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    await b.simulator.close();
    await b.simulator.close();
    expect(await hung).toBeInstanceOf(TypeError);
  });
});

describe('streams that arrive oddly', () => {
  it.each([
    'split=byte',
    'split=random; split-seed=4',
    'frames-per-write=3',
    'crlf',
    'comments',
    'crlf; comments; split=byte',
    'delay=5; chunk-delay=1',
  ])('%s', async (fault) => {
    await using b = await bench();
    const plain = await read(b, 'crlf=false');
    const odd = await read(b, fault);
    expect(contentOf(odd.text)).toBe(contentOf(plain.text));
    expect(contentOf(odd.text)).toContain('Simulated');
    expect(odd.text.includes('\r\n')).toBe(fault.includes('crlf'));
    expect(odd.text.includes(': keep-alive')).toBe(fault.includes('comments'));
    const viaClient = await b.openai.chat.completions
      .stream(
        { model: 'gpt-4o', messages: [{ role: 'user', content: 'say hello' }] },
        { headers: { 'x-simulator-fault': fault } },
      )
      .finalContent();
    expect(viaClient).toBe(contentOf(plain.text));
    expect(b.simulator.stats().routes['chat.completions']).toMatchObject({ ok: 3 });
  });

  it('byte by byte really is byte by byte', async () => {
    await using b = await bench();
    const call = httpRequest(`${b.simulator.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-simulator-fault': 'split=byte' },
    });
    call.end(
      JSON.stringify({ model: 'x', stream: true, messages: [{ role: 'user', content: 'say hello' }] }),
    );
    const [response] = await once(call, 'response');
    const sizes: number[] = [];
    // Not by iteration, which joins what has queued up.
    response.on('data', (chunk: Buffer) => sizes.push(chunk.length));
    await once(response, 'end');
    expect(new Set(sizes)).toEqual(new Set([1]));
  });

  it('behind a byte order mark, and under another content type', async () => {
    await using b = await bench();
    expect((await read(b, 'bom')).text.startsWith('\uFEFFdata: ')).toBe(true);
    const { response } = await read(b, 'content-type=text/html');
    expect(response.headers.get('content-type')).toBe('text/html');
  });
});

describe('bodies', () => {
  it('truncated, cut, empty or without usage', async () => {
    await using b = await bench();
    const truncated = await read(b, 'truncate', {});
    expect(truncated.error).toBeUndefined();
    expect(() => JSON.parse(truncated.text)).toThrow();
    expect((await read(b, 'cut-after=1', {})).error).toBeDefined();
    expect(JSON.parse((await read(b, 'empty-choices', {})).text)).toMatchObject({ choices: [] });
    expect(JSON.parse((await read(b, 'no-usage', {})).text)).not.toHaveProperty('usage');
    expect(JSON.parse((await read(b, 'no-finish-reason', {})).text)).toMatchObject({
      choices: [{ finish_reason: null }],
    });
    expect(JSON.parse((await read(b, 'split=byte', {})).text)).toMatchObject({ object: 'chat.completion' });
  });
});
