import { AiError } from '../../../src/errors.js';
import { parseExactJson } from '../../../src/exact-json.js';
import { toFailure } from '../../../src/failure.js';
import { type JsonObject, parseJsonObject } from '../../../src/json.js';
import { openaiError } from '../../../src/surfaces/openai-errors.js';
import { messagesToChatBody } from '../../../src/translate/chat-body.js';
import { messagesErrorToChat } from '../../../src/translate/chat-error.js';
import { chatRequestToMessages, type TranslatedRequest } from '../../../src/translate/chat-request.js';
import { createMessagesToChatStream } from '../../../src/translate/chat-stream.js';
import { translationHeader } from '../../../src/translate/notes.js';

/** A `fetch` for OpenAI's SDK in front of a Messages API: the shortest path through the whole translation. */
export function translatingFetch(messagesUrl: string): typeof globalThis.fetch {
  return async (_input, init) => {
    const createdAt = 1_700_000_000_000;
    let translated: TranslatedRequest;
    try {
      translated = chatRequestToMessages(JSON.parse(String(init?.body)) as JsonObject);
    } catch (error) {
      if (!AiError.isInstance(error)) throw error;
      return Response.json(openaiError(toFailure(error), 'r'), { status: error.status });
    }
    const response = await fetch(messagesUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'k' },
      body: JSON.stringify(translated.body),
    });
    const note = translationHeader(translated.notes);
    const headers = {
      ...(note === undefined ? {} : { 'x-ai-toolkit-translation': note }),
      'x-should-retry': 'false',
    };
    if (!response.ok) {
      const { status, body } = messagesErrorToChat(response.status, parseJsonObject(await response.text()));
      return Response.json(body, { status, headers });
    }
    if (translated.body.stream !== true) {
      const message = parseExactJson(await response.text()) as JsonObject;
      return Response.json(messagesToChatBody(message, { createdAt }), { headers });
    }
    const stream = createMessagesToChatStream({ createdAt });
    const translator = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => pass(stream.push(bytes), controller),
      flush: (controller) => pass(stream.end(), controller),
    });
    return new Response(response.body?.pipeThrough(translator) ?? null, {
      headers: { ...headers, 'content-type': 'text/event-stream' },
    });
  };
}

function pass(bytes: Uint8Array | undefined, controller: TransformStreamDefaultController<Uint8Array>): void {
  if (bytes !== undefined) controller.enqueue(bytes);
}
