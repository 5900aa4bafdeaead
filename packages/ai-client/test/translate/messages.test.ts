import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/json.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';
import { translationHeader } from '../../src/translate/notes.js';

interface Told {
  readonly system: unknown;
  readonly turns: unknown;
  readonly note: string | undefined;
}

function tell(messages: readonly JsonValue[], model = 'claude-sonnet-5'): Told {
  const { body, notes } = chatRequestToMessages({ model, messages: [...messages] });
  return { system: body.system, turns: body.messages, note: translationHeader(notes) };
}

const text = (value: string): JsonObject => ({ type: 'text', text: value });
const user = (content: JsonValue): JsonObject => ({ role: 'user', content });
const assistant = (content: JsonValue, fields: JsonObject = {}): JsonObject => ({
  role: 'assistant',
  content,
  ...fields,
});
const system = (content: JsonValue): JsonObject => ({ role: 'system', content });
const call = (id: string, args: JsonValue = '{"q":1}'): JsonObject => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: args },
});
const result = (id: string, content: JsonValue): JsonObject => ({ role: 'tool', tool_call_id: id, content });

describe('messages', () => {
  it('keeps each system message as a block of the system prompt', () => {
    const told = tell([system('One.'), { role: 'developer', content: [text('Two.')] }, user('Hi')]);
    expect(told.system).toEqual([text('One.'), text('Two.')]);
    expect(told.note).toBeUndefined();
  });

  it('keeps a system prompt in whatever form of Anthropic it comes, and refuses what is none', () => {
    const of = (value: JsonValue): unknown =>
      chatRequestToMessages({ model: 'claude-sonnet-5', system: value, messages: [user('Hi')] }).body.system;
    const marked = { ...text('Two.'), cache_control: { type: 'ephemeral' } };
    expect(of('One.')).toEqual([text('One.')]);
    expect(of(['One.', marked, ''])).toEqual([text('One.'), marked]);
    expect(of(marked)).toEqual([marked]);
    for (const none of [5, [5], true])
      expect(() => of(none)).toThrow(
        'system cannot be translated for an Anthropic model: it is neither a string',
      );
  });

  it('moves a system message between the turns to the system prompt, and says so', () => {
    const told = tell([user('Hi'), system('Now in French.')]);
    expect(told).toEqual({
      system: [text('Now in French.')],
      turns: [{ role: 'user', content: [text('Hi')] }],
      note: 'messages[].role=changed',
    });
  });

  it('leaves it in its place where the model takes it there', () => {
    const messages = [
      system('Be brief.'),
      user('Hi'),
      system('Now in French.'),
      assistant('Oui'),
      user('And?'),
    ];
    expect(tell(messages, 'claude-opus-5')).toEqual({
      system: [text('Be brief.')],
      turns: [
        { role: 'user', content: [text('Hi')] },
        { role: 'system', content: [text('Now in French.')] },
        { role: 'assistant', content: [text('Oui')] },
        { role: 'user', content: [text('And?')] },
      ],
      note: undefined,
    });
    // Not before a turn of the user, and not behind one of the model.
    expect(tell([user('a'), system('s'), user('b')], 'claude-opus-5').note).toBe('messages[].role=changed');
    expect(tell([user('a'), assistant('b'), system('s')], 'claude-opus-5').note).toContain(
      'messages[].role=changed',
    );
  });

  it('makes one turn of neighbours of one role, and none of a message that says nothing', () => {
    const told = tell([
      user('a'),
      user(''),
      user(['b', 'c'].map(text)),
      assistant(null),
      user('d'),
      assistant('e'),
      user('f'),
    ]);
    expect(told.turns).toEqual([
      { role: 'user', content: ['a', 'b', 'c', 'd'].map(text) },
      { role: 'assistant', content: [text('e')] },
      { role: 'user', content: [text('f')] },
    ]);
    expect(told.note).toBeUndefined();
    expect(tell([user('a'), user(' \n')]).note).toBe('messages[].content=omitted');
  });

  it('puts the results of a turn into one turn of the user, before its text', () => {
    const told = tell([
      user('Weather?'),
      assistant('I look.', { tool_calls: [call('a'), call('b', '')], refusal: null }),
      result('a', 'rain'),
      user('Hurry.'),
      result('b', [text('sun')]),
    ]);
    expect(told.turns).toEqual([
      { role: 'user', content: [text('Weather?')] },
      {
        role: 'assistant',
        content: [
          text('I look.'),
          { type: 'tool_use', id: 'a', name: 'look', input: { q: 1 } },
          { type: 'tool_use', id: 'b', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'rain' },
          { type: 'tool_result', tool_use_id: 'b', content: [text('sun')] },
          text('Hurry.'),
        ],
      },
    ]);
  });

  it('keeps large integers in arguments, and makes ids that Anthropic takes, the same for call and result', () => {
    const id = 'functions.look:0';
    const { body } = chatRequestToMessages({
      model: 'claude-opus-5',
      messages: [
        user('Go'),
        assistant(null, { tool_calls: [call(id, '{"id": 12345678901234567890}')] }),
        { ...result(id, ''), is_error: true },
      ],
    });
    const written = JSON.stringify(body);
    expect(written).toContain('"input":{"id":12345678901234567890}');
    expect(written).toContain('"id":"functions_2elook_3a0"');
    expect(written).toContain('{"type":"tool_result","tool_use_id":"functions_2elook_3a0","is_error":true}');
  });

  it.each([
    ['{"q":', 'messages[1].tool_calls[0].function.arguments'],
    ['[1]', 'not a JSON object'],
    ['"text"', 'not a JSON object'],
  ])('refuses the arguments %s', (args, problem) => {
    expect(() => tell([user('Go'), assistant(null, { tool_calls: [call('a', args)] })])).toThrow(problem);
  });

  it('translates images and files, and keeps marks for the prompt cache', () => {
    const image = (url: string, fields: JsonObject = {}): JsonObject => ({
      type: 'image_url',
      image_url: { url, ...fields },
    });
    const file = (fields: JsonObject): JsonObject => ({ type: 'file', file: fields });
    const told = tell([
      user([
        { ...text('See'), cache_control: { type: 'ephemeral', ttl: '1h' } },
        { ...text('this'), prompt_cache_breakpoint: { mode: 'explicit' } },
        image('https://a.example/x.png'),
        image('data:image/jpg;base64,QUJD', { detail: 'low' }),
        file({ filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' }),
        file({
          filename: 'a.txt',
          file_data: `data:text/plain;base64,${Buffer.from('Grüße').toString('base64')}`,
        }),
        file({
          file_data: `data:text/csv; charset="ISO-8859-1";base64,${Buffer.from('Grüße', 'latin1').toString('base64')}`,
        }),
        file({ file_id: 'file_011' }),
        { type: 'search_result', source: 's', title: 't', content: [text('found')] },
      ]),
    ]);
    expect(told.turns).toEqual([
      {
        role: 'user',
        content: [
          { ...text('See'), cache_control: { type: 'ephemeral', ttl: '1h' } },
          { ...text('this'), cache_control: { type: 'ephemeral' } },
          { type: 'image', source: { type: 'url', url: 'https://a.example/x.png' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'QUJD' } },
          {
            type: 'document',
            title: 'a.pdf',
            source: { type: 'base64', media_type: 'application/pdf', data: 'QUJD' },
          },
          {
            type: 'document',
            title: 'a.txt',
            source: { type: 'text', media_type: 'text/plain', data: 'Grüße' },
          },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grüße' } },
          { type: 'document', source: { type: 'file', file_id: 'file_011' } },
          { type: 'search_result', source: 's', title: 't', content: [text('found')] },
        ],
      },
    ]);
    expect(told.note).toBe('messages[].content[].image_url.detail=omitted');
  });

  it('passes on what Anthropic has of its own in a part, and names what nobody has', () => {
    const file_data = 'data:application/pdf;base64,QUJD';
    const own = { citations: { enabled: true }, context: 'From 1912.' };
    const told = tell([
      user([
        { type: 'file', file: { file_data, format: 'pdf' }, ...own, x: 1 },
        { type: 'image_url', image_url: { url: 'https://a.example/x.png', media: 'png' }, y: null, z: 2 },
        { ...text('See'), citations: null },
      ]),
      assistant(null, {
        tool_calls: [{ ...call('a'), index: 0, extra_content: { google: { thought_signature: 's' } } }],
      }),
      result('a', 'rain'),
    ]);
    expect(told.turns).toMatchObject([
      {
        content: [
          { type: 'document', source: { data: 'QUJD' }, ...own },
          { type: 'image', source: { type: 'url', url: 'https://a.example/x.png' } },
          text('See'),
        ],
      },
      { content: [{ type: 'tool_use', id: 'a', name: 'look', input: { q: 1 } }] },
      {},
    ]);
    expect(told.note?.split(', ')).toEqual([
      'messages[].content[].file.format=omitted',
      'messages[].content[].x=omitted',
      'messages[].content[].image_url.media=omitted',
      'messages[].content[].z=omitted',
      'messages[].tool_calls[].extra_content=omitted',
    ]);
  });

  it.each([
    [[user([{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }])], 'messages[0].content[0]'],
    [[user([{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }])], 'image_url'],
    [[user([{ type: 'image_url', image_url: { url: 'data:image/tiff;base64,QUJD' } }])], '"image/tiff"'],
    [[user([{ type: 'image_url', image_url: {} }])], 'no url'],
    [[user([{ type: 'file', file: { file_id: 'file-abc' } }])], 'another provider'],
    [[user([{ type: 'file', file: { file_data: 'QUJD' } }])], 'no content'],
    [
      [user([{ type: 'file', file: { file_data: 'data:text/csv;charset=of-tomorrow;base64,QUJD' } }])],
      '"of-tomorrow"',
    ],
    [[user([{ type: 'file', file: { file_data: 'data:text/plain;base64,/w==' } }])], '"utf-8"'],
    [[user([{ type: 'file', file: { file_data: 'data:video/mp4;base64,QUJD' } }])], '"video/mp4"'],
    [[user([{ type: 'text', text: 7 }])], 'messages[0].content[0]'],
    [[user(7)], 'messages[0].content'],
    [[user(['text'])], 'messages[0].content[0]'],
    [['text'], 'messages[0]'],
    [[{ role: 'function', name: 'f', content: 'x' }], '"function"'],
    [[user('a'), assistant(null, { function_call: { name: 'f', arguments: '{}' } })], 'function_call'],
    [[user('a'), assistant(null, { audio: { id: 'x' } })], 'audio'],
    [
      [user('a'), assistant(null, { tool_calls: [{ id: 'x', type: 'custom', custom: {} }] })],
      'tool_calls[0]',
    ],
    [[user('a'), assistant(null, { tool_calls: 'x' })], 'tool_calls'],
    [[{ role: 'tool', content: 'x' }], 'tool_call_id'],
    [[], 'messages'],
    [[system('Only this.')], 'messages'],
    [[user('  ')], 'messages'],
  ] satisfies [JsonValue[], string][])('refuses %j', (messages, problem) => {
    expect(() => tell(messages)).toThrow(problem);
  });

  it('leaves out the thoughts of other models, which stand in parts of the content at Mistral', () => {
    const thought = { type: 'thinking', thinking: [{ type: 'text', text: 'Low tide.' }] };
    const signed = { type: 'thinking', thinking: 'Low tide.', signature: 's' };
    const said = { type: 'text', text: 'At six.' };
    const { body, notes } = chatRequestToMessages({
      model: 'claude-haiku-4-5',
      messages: [
        { role: 'user', content: 'Tides?' },
        { role: 'assistant', content: [thought, said] },
        { role: 'user', content: 'Sure?' },
        { role: 'assistant', content: [signed, said] },
        { role: 'user', content: 'Thanks' },
      ],
    });
    expect(body.messages).toMatchObject([{}, { content: [said] }, {}, { content: [signed, said] }, {}]);
    expect(notes).toMatchObject([{ field: 'messages[].content[].thinking', action: 'omitted' }]);
  });

  it('refuses a request without messages', () => {
    expect(() => chatRequestToMessages({ model: 'claude-opus-5' })).toThrow('messages');
    expect(() => chatRequestToMessages({ model: 'claude-opus-5', messages: 'Hi' })).toThrow('messages');
  });

  it('says that an answer at the end is continued, and that speakers lose their names', () => {
    expect(tell([user('a'), assistant('The answer is')]).note).toBe('messages=changed');
    expect(tell([{ ...user('a'), name: 'Ann' }]).note).toBe('messages[].name=omitted');
  });

  it('marks the last block of a message that is marked as a whole', () => {
    const cache_control = { type: 'ephemeral' };
    expect(tell([{ ...user([text('a'), text('b')]), cache_control }]).turns).toEqual([
      { role: 'user', content: [text('a'), { ...text('b'), cache_control }] },
    ]);
  });
});
