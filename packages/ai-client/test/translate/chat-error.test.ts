import { describe, expect, it } from 'vitest';
import { errorEventToChat, messagesErrorToChat } from '../../src/translate/chat-error.js';

function translate(status: number, type: string, message = 'Why.'): unknown[] {
  const { status: ours, body } = messagesErrorToChat(status, { type: 'error', error: { type, message } });
  const { type: kind, code, message: text } = body.error as Record<string, unknown>;
  expect(text).toBe(message);
  return [ours, kind, code];
}

describe('messagesErrorToChat', () => {
  it.each([
    [400, 'invalid_request_error', 400, 'invalid_request_error', 'invalid_request_error'],
    [401, 'authentication_error', 401, 'authentication_error', 'invalid_api_key'],
    [402, 'billing_error', 429, 'insufficient_quota', 'insufficient_quota'],
    [403, 'permission_error', 403, 'permission_error', 'permission_error'],
    [404, 'not_found_error', 404, 'invalid_request_error', 'not_found_error'],
    [409, 'conflict_error', 409, 'invalid_request_error', 'conflict_error'],
    [413, 'request_too_large', 413, 'invalid_request_error', 'request_too_large'],
    [429, 'rate_limit_error', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    [500, 'api_error', 500, 'server_error', 'api_error'],
    [504, 'timeout_error', 504, 'server_error', 'timeout_error'],
    [529, 'overloaded_error', 503, 'server_error', 'overloaded_error'],
    [418, 'teapot_error', 418, 'invalid_request_error', 'teapot_error'],
    [599, 'toString', 599, 'server_error', 'toString'],
  ])('translates %i %s', (status, type, ours, kind, code) => {
    expect(translate(status, type)).toEqual([ours, kind, code]);
  });

  it('gives the codes that clients look for', () => {
    expect(
      translate(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    ).toEqual([400, 'invalid_request_error', 'context_length_exceeded']);
    expect(
      translate(400, 'invalid_request_error', 'Your credit balance is too low to access the API.'),
    ).toEqual([429, 'insufficient_quota', 'insufficient_quota']);
    expect(translate(404, 'not_found_error', 'model: claude-x')).toEqual([
      404,
      'invalid_request_error',
      'model_not_found',
    ]);
  });

  it('keeps the request id and what else is told', () => {
    const details = { error_code: 'image_dimensions_too_large', paths: ['x'] };
    const body = { error: { type: 'invalid_request_error', message: 'Why.', details }, request_id: 'req_1' };
    expect(messagesErrorToChat(400, body).body).toEqual({
      error: {
        message: 'Why.',
        type: 'invalid_request_error',
        param: null,
        code: 'image_dimensions_too_large',
        details,
        request_id: 'req_1',
      },
    });
  });

  it('says something of an answer that is no error of Anthropic', () => {
    expect(messagesErrorToChat(502, undefined)).toEqual({
      status: 502,
      body: {
        error: { message: 'The provider answered 502.', type: 'server_error', param: null, code: null },
      },
    });
    expect(errorEventToChat({ type: 'error' })).toMatchObject({
      error: { type: 'server_error', code: null },
    });
  });
});
