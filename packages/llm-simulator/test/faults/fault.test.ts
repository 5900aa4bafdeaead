import { describe, expect, it } from 'vitest';
import { readFault } from '../../src/faults/fault.js';
import { createSimulator } from '../../src/index.js';
import { bench } from '../support.js';

describe('fault syntax', () => {
  it('reads directives in text', () => {
    expect(
      readFault(
        ' delay=200; chunk-delay=20;status=429 ;retry-after=1500; retry-after-style=ms+seconds; crlf; should-retry=false;',
      ),
    ).toEqual({
      delayMs: 200,
      chunkDelayMs: 20,
      status: 429,
      retryAfterMs: 1_500,
      retryAfterStyle: ['ms', 'seconds'],
      crlf: true,
      shouldRetry: false,
    });
  });

  it.each([
    ['explode=1', TypeError, 'explode'],
    ['delay=soon', RangeError, 'delay'],
    ['delay=', RangeError, 'delay'],
    ['delay=-1', RangeError, 'delay'],
    ['cut-after=1.5', RangeError, 'cut-after'],
    ['status=200', RangeError, 'status'],
    ['crlf=maybe', RangeError, 'crlf'],
    ['retry-after-style=pigeon', RangeError, 'retry-after-style'],
    ['split=word', RangeError, 'split'],
    ['probability=2', RangeError, 'probability'],
    ['times=0', RangeError, 'times'],
  ])('refuses %s by name', (text, type, name) => {
    expect(() => readFault(text)).toThrow(type);
    expect(() => readFault(text)).toThrow(name);
  });

  it('refuses bad faults wherever they come in, with the name of the directive', async () => {
    await expect(createSimulator({ faults: ['explode'] })).rejects.toThrow('explode');
    await using b = await bench();
    expect(() => b.simulator.setFaults({ status: 12 })).toThrow('status');
    const header = await b.chat({}, { 'x-simulator-fault': 'explode' });
    expect(header.status).toBe(400);
    expect(await header.text()).toContain('explode');
    const put = await fetch(`${b.simulator.url}/simulator/faults`, { method: 'PUT', body: 'explode' });
    expect(put.status).toBe(400);
    expect(await put.text()).toContain('explode');
  });
});

describe('which requests are struck', () => {
  const statuses = async (
    b: Awaited<ReturnType<typeof bench>>,
    count: number,
    more = {},
  ): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const response = await b.chat(more);
      await response.text();
      seen.push(response.status);
    }
    return seen;
  };

  it('all of them until cleared', async () => {
    await using b = await bench({ faults: ['status=503'] });
    expect(await statuses(b, 3)).toEqual([503, 503, 503]);
    b.simulator.clearFaults();
    expect(await statuses(b, 1)).toEqual([200]);
  });

  it('the next N', async () => {
    await using b = await bench();
    b.simulator.setFaults({ status: 500, times: 2 }, 'status=429; times=1');
    expect(await statuses(b, 4)).toEqual([500, 500, 429, 200]);
  });

  it('those of a path and a model', async () => {
    await using b = await bench();
    b.simulator.setFaults({ status: 500, path: '/v1/embeddings' }, { status: 502, model: 'gpt-5*' });
    expect(await statuses(b, 1)).toEqual([200]);
    expect(await statuses(b, 1, { model: 'gpt-5-mini' })).toEqual([502]);
    await expect(b.openai.embeddings.create({ model: 'x', input: 'y' })).rejects.toMatchObject({
      status: 500,
    });
  });

  it('a share of them, the same ones for the same seed', async () => {
    await using b = await bench();
    b.simulator.setFaults({ status: 500, probability: 0.5, seed: 3 });
    const first = await statuses(b, 20);
    b.simulator.setFaults({ status: 500, probability: 0.5, seed: 3 });
    expect(await statuses(b, 20)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
  });

  it('the one that brings its own, by header or in its prompt', async () => {
    await using b = await bench({ faults: ['status=500'] });
    expect((await b.chat({}, { 'x-simulator-fault': 'status=418' })).status).toBe(418);
    expect(
      (await b.chat({ messages: [{ role: 'user', content: 'hi [simulator-fault: status=402]' }] })).status,
    ).toBe(402);
  });

  it('can be set, read and cleared over HTTP', async () => {
    await using b = await bench();
    const control = (method: string, body?: string): Promise<Response> =>
      fetch(`${b.simulator.url}/simulator/faults`, { method, ...(body === undefined ? {} : { body }) });
    expect(
      await (await control('PUT', '{"faults": [{"status": 500, "times": 2}, "reset; model=x"]}')).json(),
    ).toEqual({
      faults: [
        { status: 500, times: 2 },
        { reset: true, model: 'x' },
      ],
    });
    expect(await statuses(b, 1)).toEqual([500]);
    expect(await (await control('GET')).json()).toMatchObject({ faults: [{ times: 1 }, {}] });
    await control('PUT', 'status=501');
    expect(await statuses(b, 1)).toEqual([501]);
    await control('DELETE');
    expect(await statuses(b, 1)).toEqual([200]);
  });
});
