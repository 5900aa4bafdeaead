import { describe, expect, it } from 'vitest';
import { AiError } from '../../src/errors.js';
import type { JsonObject, JsonValue } from '../../src/json.js';
import { chatFields } from '../../src/translate/chat-fields.js';
import { chatRequestToMessages, type TranslatedRequest } from '../../src/translate/chat-request.js';
import { translationHeader } from '../../src/translate/notes.js';

const hello = { role: 'user', content: 'Hello' };

function translate(fields: JsonObject): TranslatedRequest {
  return chatRequestToMessages({ model: 'claude-haiku-4-5', messages: [hello], ...fields });
}

function bodyOf(fields: JsonObject): JsonObject {
  return translate(fields).body;
}

function noted(fields: JsonObject): string | undefined {
  return translationHeader(translate(fields).notes);
}

function refused(fields: JsonObject): string {
  try {
    translate(fields);
  } catch (error) {
    if (!AiError.isInstance(error)) throw error;
    expect(error).toMatchObject({ code: 'AI_REQUEST_INVALID', status: 400, retryable: false });
    expect(error.hint).not.toBe('');
    return error.message;
  }
  throw new Error(`not refused: ${JSON.stringify(fields)}`);
}

describe('chatRequestToMessages', () => {
  it('translates a plain request without a note', () => {
    expect(translate({ stream: true, stream_options: { include_usage: true }, max_tokens: 9 })).toEqual({
      body: {
        model: 'claude-haiku-4-5',
        stream: true,
        max_tokens: 9,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      },
      notes: [],
    });
  });

  it.each([
    ['claude-3-haiku-20240307', 4_096],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-opus-4-5-20251101', 64_000],
    ['anthropic/claude-sonnet-4-6', 128_000],
    ['claude-opus-4-8', 128_000],
    ['claude-mythos-preview', 128_000],
    ['claude-sonnet-5', 128_000],
    ['claude-sonnet-5-5', 64_000],
    ['of-tomorrow', 64_000],
  ])('lets %s answer with %i tokens when the caller sets no limit', (model, max_tokens) => {
    expect(bodyOf({ model })).toMatchObject({ max_tokens });
    expect(bodyOf({ model, max_completion_tokens: 7 })).toMatchObject({ max_tokens: 7 });
  });

  it('prefers max_completion_tokens, and says so when both are set', () => {
    expect(bodyOf({ max_tokens: 5, max_completion_tokens: 7 }).max_tokens).toBe(7);
    expect(noted({ max_tokens: 5, max_completion_tokens: 7 })).toBe('max_tokens=omitted');
    expect(noted({ max_tokens: 7, max_completion_tokens: 7 })).toBeUndefined();
  });

  it('passes on what only Anthropic knows, and what nobody knows yet', () => {
    const foreign = {
      top_k: 5,
      thinking: { type: 'adaptive', display: 'summarized' },
      cache_control: { type: 'ephemeral' },
      container: 'c',
      of_tomorrow: [1],
    };
    expect(translate(foreign)).toMatchObject({ body: foreign, notes: [] });
    const hostile = JSON.parse('{"__proto__": {"x": 1}}') as JsonObject;
    const { body } = chatRequestToMessages({ model: 'm', messages: [hello], ...hostile });
    expect(JSON.stringify(body)).toContain('"__proto__":{"x":1}');
  });

  it('takes null for nothing said', () => {
    const names = Object.keys(chatFields).filter((name) => name !== 'model' && name !== 'messages');
    expect(translate(Object.fromEntries(names.map((name) => [name, null])))).toEqual(translate({}));
  });

  describe('sampling', () => {
    it('means the same up to 1, and nothing beyond it', () => {
      expect(bodyOf({ temperature: 0.5 })).toMatchObject({ temperature: 0.5 });
      expect(refused({ temperature: 1.5 })).toContain('temperature');
    });

    it('sends no default where the model takes only one of two, or none', () => {
      expect(bodyOf({ temperature: 0.2, top_p: 1 })).not.toHaveProperty('top_p');
      expect(bodyOf({ temperature: 1, top_p: 0.9 })).not.toHaveProperty('temperature');
      const { body, notes } = translate({ model: 'claude-opus-5', temperature: 1, top_p: 1 });
      expect([Object.keys(body).sort(), notes]).toEqual([['max_tokens', 'messages', 'model'], []]);
    });

    it.each([
      'claude-opus-4-1-20250805',
      'claude-sonnet-4-5-20250929',
      'claude-haiku-4-5',
      'claude-opus-4-5',
      'claude-opus-4-6',
    ])('keeps the temperature where both are set and the model takes one: %s', (model) => {
      for (const temperature of [0, 0.2]) {
        const both = { model, temperature, top_p: 0.9 };
        expect(bodyOf(both)).toMatchObject({ temperature });
        expect(bodyOf(both)).not.toHaveProperty('top_p');
        expect(noted(both)).toBe('top_p=omitted');
      }
      expect(bodyOf({ model, top_p: 0.9 })).toMatchObject({ top_p: 0.9 });
      expect(noted({ model, top_p: 0.9 })).toBeUndefined();
    });

    it.each([
      'claude-3-5-haiku-20241022',
      'claude-3-7-sonnet-latest',
      'claude-opus-4-20250514',
      'claude-sonnet-4-20250514',
    ])('sends both to a model that takes them: %s', (model) => {
      const both = { temperature: 0.2, top_p: 0.9 };
      expect(bodyOf({ model, ...both })).toMatchObject(both);
      expect(noted({ model, ...both })).toBeUndefined();
    });

    it.each(['claude-opus-4-7', 'claude-sonnet-5', 'claude-of-tomorrow'])('is refused for %s', (model) => {
      expect(refused({ model, temperature: 0 })).toContain('temperature');
      expect(refused({ model, top_p: 0.5 })).toContain('top_p');
    });
  });

  describe('fields without a counterpart', () => {
    const neutral: Readonly<Record<string, JsonValue>> = {
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      logit_bias: {},
      logprobs: false,
      top_logprobs: 0,
      verbosity: 'medium',
      modalities: ['text'],
      functions: [],
      store: false,
      prompt_cache_options: {},
    };
    const telling: Readonly<Record<string, JsonValue>> = {
      n: 2,
      frequency_penalty: 0.5,
      presence_penalty: -1,
      logit_bias: { '50256': -100 },
      logprobs: true,
      top_logprobs: 3,
      verbosity: 'low',
      modalities: ['text', 'audio'],
      functions: [{ name: 'f' }],
      store: true,
      prompt_cache_options: { mode: 'explicit' },
    };

    it.each(
      Object.entries(chatFields).flatMap(([name, rule]) =>
        rule.rule === 'translated' ? [] : [[name, rule.rule]],
      ),
    )('%s is %s, and never in silence', (name, rule) => {
      if (neutral[name] !== undefined) expect(translate({ [name]: neutral[name] })).toEqual(translate({}));
      const fields = { [name]: telling[name] ?? 'x' };
      if (rule === 'omitted') {
        expect(noted(fields)).toBe(`${name}=omitted`);
        expect(bodyOf(fields)).toEqual(bodyOf({}));
      } else expect(refused(fields)).toContain(name);
    });
  });

  it('translates stop sequences, and refuses those that Anthropic cannot stop at', () => {
    expect(bodyOf({ stop: 'END' }).stop_sequences).toEqual(['END']);
    expect(bodyOf({ stop: ['a', 'b'] }).stop_sequences).toEqual(['a', 'b']);
    expect(bodyOf({ stop: [] })).not.toHaveProperty('stop_sequences');
    expect(refused({ stop: ['a', '\n'] })).toContain('stop');
    expect(refused({ stop: 'a', stop_sequences: ['b'] })).toContain('stop_sequences');
  });

  it('names one user to Anthropic', () => {
    expect(bodyOf({ user: 'u' }).metadata).toEqual({ user_id: 'u' });
    expect(bodyOf({ safety_identifier: 's' }).metadata).toEqual({ user_id: 's' });
    const all = { user: 'u', safety_identifier: 's', metadata: { user_id: 'm', job: '7' } };
    expect(bodyOf(all).metadata).toEqual({ user_id: 'm' });
    expect(noted(all)).toBe('user=omitted, safety_identifier=omitted, metadata=omitted');
    expect(noted({ user: 'u', metadata: { user_id: 'u' } })).toBeUndefined();
  });

  it('translates the service tiers that there are', () => {
    expect(bodyOf({ service_tier: 'default' }).service_tier).toBe('standard_only');
    expect(bodyOf({ service_tier: 'auto' }).service_tier).toBe('auto');
    expect(noted({ service_tier: 'flex' })).toBe('service_tier=omitted');
  });

  it('writes notes as a header that nobody can break', () => {
    const message = { ...hello, 'x\r\nset-cookie: a': 1, name: 'Ann' };
    expect(noted({ seed: 1, messages: [message, message] })).toBe(
      'messages[].x??set-cookie??a=omitted, messages[].name=omitted, seed=omitted',
    );
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`x${index}`, 1]));
    expect(noted({ messages: [{ ...hello, ...many }] })).toMatch(/x31\]?=omitted, and 8 more$/);
  });
});
