import { invalidField } from '../api-error.js';
import { type Endpoint, plainWork } from '../endpoint.js';
import { missing, optionalCount, requiredString } from '../fields.js';
import { countTokens } from '../tokens.js';
import { CHAT } from './chat.js';
import { embed } from './embed.js';

const DEFAULT_DIMENSIONS = 1_536;
const LARGE_DIMENSIONS = 3_072;
const MAX_INPUTS = 2_048;

/** `POST /v1/embeddings`. */
export const EMBEDDINGS: Endpoint = {
  name: 'embeddings',
  method: 'POST',
  dialect: () => 'openai',
  errorFrame: CHAT.errorFrame,
  read(body, context) {
    const model = requiredString(body, 'model');
    const largest = model.includes('large') ? LARGE_DIMENSIONS : DEFAULT_DIMENSIONS;
    const dimensions = optionalCount(body, 'dimensions') ?? largest;
    if (dimensions > largest)
      throw invalidField(
        'dimensions',
        `Invalid value for 'dimensions' = ${dimensions}. Must be less than or equal to ${largest}.`,
      );
    const inputs = readInputs(body.input);
    const format = body.encoding_format ?? 'float';
    if (format !== 'float' && format !== 'base64')
      throw invalidField(
        'encoding_format',
        `Invalid value: ${JSON.stringify(format)}. Supported values are: 'float' and 'base64'.`,
      );
    const tokens = inputs.reduce(
      (sum, input) => sum + (typeof input === 'string' ? countTokens(input) : input.length),
      0,
    );
    return {
      model,
      stream: false,
      userText: '',
      start(fault) {
        const data = inputs.map((input, index) => {
          const vector = embed(typeof input === 'string' ? input : input.join(' '), dimensions, context.seed);
          const embedding =
            format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
          return { object: 'embedding', index, embedding };
        });
        const usage =
          fault.noUsage === true ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } };
        return plainWork(
          { object: 'list', data: fault.emptyChoices === true ? [] : data, model, ...usage },
          tokens,
        );
      },
    };
  },
};

/** Texts, or lists of token numbers. */
function readInputs(input: unknown): readonly (string | readonly number[])[] {
  if (input === undefined) throw missing('input');
  if (typeof input === 'string' && input !== '') return [input];
  if (!Array.isArray(input) || input.length === 0)
    throw invalidField('input', "Invalid value for 'input': it cannot be empty.");
  if (input.every((item) => typeof item === 'number')) return [input];
  if (input.length > MAX_INPUTS)
    throw invalidField(
      'input',
      `Invalid 'input': array too long. Expected at most ${MAX_INPUTS} items, but got ${input.length} instead.`,
    );
  return input.map((item: unknown, index) => {
    if (typeof item === 'string' && item !== '') return item;
    if (Array.isArray(item) && item.length > 0 && item.every((token) => typeof token === 'number'))
      return item;
    throw invalidField(
      'input',
      `Invalid value for 'input[${index}]': expected a string or a non-empty array of tokens.`,
    );
  });
}
