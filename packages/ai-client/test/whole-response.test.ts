import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WholeResponse } from '../src/whole-response.js';

const bytes = Buffer.from('\uFEFF{"tides":["spring","neap"],"name":"Sørlandet"}');
const init = {
  status: 201,
  statusText: 'Made',
  headers: { 'content-type': 'application/json', 'x-cache': 'HIT' },
};

/** What may be done with a response, as something to compare. */
const uses: Readonly<Record<string, (response: Response) => unknown>> = {
  arrayBuffer: async (response) => Buffer.from(await response.arrayBuffer()).toString('hex'),
  blob: async (response) => (await response.blob()).size,
  body: (response) => typeof response.body?.getReader,
  bytes: async (response) => Buffer.from(await response.bytes()).toString('hex'),
  'a clone': (response) => response.clone().text(),
  'a clone of a clone': async (response) =>
    Buffer.from(await response.clone().clone().bytes()).toString('hex'),
  form: (response) => response.formData(),
  head: ({ headers, ok, status, statusText, type, url }) => [...headers, ok, status, statusText, type, url],
  json: (response) => response.json(),
  'new of its body': async (response) => new Response(response.body, response).text(),
  text: (response) => response.text(),
  used: (response) => response.bodyUsed,
};

/** What came of it, and whether the body has been read then. */
async function outcomeOf(response: Response, use: (response: Response) => unknown): Promise<unknown> {
  try {
    return [await use(response), response.bodyUsed];
  } catch (error) {
    return [error instanceof Error && error.constructor.name, response.bodyUsed];
  }
}

it('a whole response is used as any other, whatever was done with it before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(uses)), { maxLength: 4 }), async (steps) => {
      const [whole, plain] = [new WholeResponse(bytes, init), new Response(bytes, init)];
      for (const step of steps) {
        const use = uses[step] as (response: Response) => unknown;
        expect(await outcomeOf(whole, use), step).toEqual(await outcomeOf(plain, use));
      }
    }),
    { numRuns: 500 },
  );
});

it('a whole response gives nobody the memory that it was made of', async () => {
  const given = await new WholeResponse(bytes, init).bytes();
  given.fill(0);
  expect(bytes[0]).toBe(0xef);
  expect(new WholeResponse(bytes, init)).toBeInstanceOf(Response);
});
