import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AiError } from '../../src/errors.js';
import { type JsonObject, type JsonValue, jsonObjects } from '../../src/json.js';
import { chatFields } from '../../src/translate/chat-fields.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';

/** Text that can be found again: unlike any other, and visible. */
let counter = 0;
const text = fc.string({ unit: 'grapheme' }).map((rest) => `t${counter++}:${rest}`);

const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.record({
    type: fc.constant('file'),
    file: fc.record({ filename: text, file_data: fc.constant('data:application/pdf;base64,QUJD') }),
  }),
);
const content = fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 }));

interface Round {
  readonly messages: JsonObject[];
}

const plain = fc.record({ role: fc.constantFrom('system', 'developer', 'user', 'assistant'), content });

/** An assistant's calls and, in any order, their results, perhaps with words of the user between them. */
const toolRound: fc.Arbitrary<Round> = fc
  .record({
    calls: fc.array(fc.record({ id: fc.uuid(), name: fc.constantFrom('look', 'find'), said: text }), {
      minLength: 1,
      maxLength: 3,
    }),
    results: text,
    between: fc.option(text),
    reversed: fc.boolean(),
  })
  .map(({ calls, results, between, reversed }) => {
    const answers = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: `${results}${id}` }));
    return {
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: calls.map(({ id, name, said }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify({ said }) },
          })),
        },
        ...(between === null ? [] : [{ role: 'user', content: between }]),
        ...(reversed ? answers.reverse() : answers),
      ],
    };
  });

const conversation = fc
  .array(
    fc.oneof(
      plain.map((message): Round => ({ messages: [message as JsonObject] })),
      toolRound,
    ),
    { maxLength: 6 },
  )
  .map((rounds) => [{ role: 'user', content: 'Begin.' }, ...rounds.flatMap(({ messages }) => messages)]);

const tool = fc.record({
  type: fc.constant('function'),
  function: fc.record({ name: fc.constantFrom('look', 'find'), description: text, strict: fc.boolean() }),
});
const request = fc.record(
  {
    model: fc.constantFrom('claude-opus-5', 'claude-haiku-4-5', 'claude-opus-4-6', 'claude-of-tomorrow'),
    messages: conversation,
    tools: fc.array(tool, { maxLength: 2 }),
    response_format: fc.record({
      type: fc.constant('json_schema'),
      json_schema: fc.record({
        name: fc.constant('answer'),
        schema: fc.record({ type: fc.constant('object'), description: text }),
      }),
    }),
    reasoning_effort: fc.constantFrom('none', 'low', 'high'),
    stop: fc.array(text, { maxLength: 2 }),
    seed: fc.nat(),
  },
  { requiredKeys: ['model', 'messages'] },
);

/** Every string in a value, keys aside. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => textsIn(inner));
}

function hasUndefined(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((inner) => hasUndefined(inner))
  );
}

describe('chatRequestToMessages', () => {
  it('loses no text of the caller, and lets the roles alternate', () => {
    fc.assert(
      fc.property(request, (original) => {
        const { body } = chatRequestToMessages(JSON.parse(JSON.stringify(original)) as JsonObject);
        const sent = textsIn(body).join('\n');
        const said = textsIn(original).flatMap((value) =>
          value.startsWith('{"said"') ? textsIn(JSON.parse(value)) : value,
        );
        for (const value of said.filter((each) => each.startsWith('t'))) expect(sent).toContain(value);
        const roles = (body.messages as JsonObject[]).map(({ role }) => role);
        expect(roles.some((role, at) => role === roles[at - 1])).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('answers every turn with calls by one turn that begins with all their results', () => {
    fc.assert(
      fc.property(fc.array(toolRound, { minLength: 1, maxLength: 4 }), (rounds) => {
        const messages = [{ role: 'user', content: 'Begin.' }, ...rounds.flatMap((round) => round.messages)];
        const turns = chatRequestToMessages({ model: 'claude-opus-5', messages }).body
          .messages as JsonObject[];
        const blocks = (turn: JsonObject | undefined, type: string): JsonObject[] =>
          jsonObjects(turn?.content).filter((block) => block.type === type);
        let answered = 0;
        for (const [at, turn] of turns.entries()) {
          const ids = blocks(turn, 'tool_use').map(({ id }) => String(id));
          if (ids.length === 0) continue;
          answered++;
          const results = blocks(turns[at + 1], 'tool_result');
          expect(results.map(({ tool_use_id }) => tool_use_id).sort()).toEqual(ids.sort());
          expect(jsonObjects(turns[at + 1]?.content).slice(0, results.length)).toEqual(results);
        }
        expect(answered).toBe(rounds.length);
      }),
    );
  });

  it('is total and deterministic: a body without holes, or a refusal, and the request as it was', () => {
    const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    const names = Object.keys(chatFields);
    const hostile = fc.tuple(
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), anything),
      fc.array(
        fc.oneof(
          anything,
          fc.dictionary(
            fc.constantFrom('role', 'content', 'tool_calls', 'content_details', 'reasoning_details', 'name'),
            fc.oneof(anything, fc.constantFrom('user', 'assistant', 'tool', 'system')),
          ),
        ),
      ),
    );
    fc.assert(
      fc.property(hostile, fc.boolean(), (drawn, withMessages) => {
        const [fields, messages] = drawn;
        const given = withMessages ? [{ role: 'user', content: 'Begin.' }, ...messages] : messages;
        const source = JSON.stringify({ ...fields, messages: given });
        const run = (): unknown => {
          const parsed = JSON.parse(source) as JsonObject;
          try {
            const { body, notes } = chatRequestToMessages(parsed);
            expect(hasUndefined(body)).toBe(false);
            expect(Array.isArray(body.messages)).toBe(true);
            return JSON.stringify([body, notes]);
          } catch (error) {
            if (!AiError.isInstance(error)) throw error;
            return error.message;
          } finally {
            expect(JSON.stringify(parsed)).toBe(JSON.stringify(JSON.parse(source)));
          }
        };
        expect(run()).toEqual(run());
      }),
      { numRuns: 1_000 },
    );
  });
});
