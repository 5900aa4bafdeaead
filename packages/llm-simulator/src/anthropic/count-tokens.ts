import { type Endpoint, plainWork } from '../endpoint.js';
import { readMessagesInput } from './input.js';
import { checkMessages, MESSAGES } from './messages.js';

/** `POST /v1/messages/count_tokens`. Costs nothing. */
export const COUNT_TOKENS: Endpoint = {
  name: 'messages.count_tokens',
  method: 'POST',
  dialect: () => 'anthropic',
  errorFrame: MESSAGES.errorFrame,
  read(body, context) {
    const model = checkMessages(body, context);
    const { tokens } = readMessagesInput(body);
    return { model, stream: false, userText: '', start: () => plainWork({ input_tokens: tokens }) };
  },
};
