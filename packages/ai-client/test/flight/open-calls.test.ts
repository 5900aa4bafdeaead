import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Call } from '../../src/flight/call.js';
import { OpenCalls } from '../../src/flight/open-calls.js';

function call(): Call {
  return { before: undefined, behind: undefined } as Call;
}

it('open calls are in the order in which they began, whichever end', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(), { nil: 'begins' as const })), (steps) => {
      const calls = new OpenCalls();
      const expected: Call[] = [];
      for (const step of steps) {
        const ended = step === 'begins' ? undefined : expected.splice(step % (expected.length || 1), 1)[0];
        if (ended !== undefined) calls.delete(ended);
        else expected.push(call());
        if (expected.length > calls.size) calls.add(expected.at(-1) as Call);
        expect([...calls].every((one, at) => one === expected[at])).toBe(true);
        expect(calls.oldest).toBe(expected[0]);
        expect(calls.size).toBe(expected.length);
        expect([ended?.before, ended?.behind]).toEqual([undefined, undefined]);
      }
    }),
  );
});
