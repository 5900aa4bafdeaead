import type { Answer } from './answer/answer.js';
import { createMeter } from './answer/meter.js';
import type { AnswerPlanner } from './answer/planner.js';
import { lastUserText } from './answer/prompt.js';
import type { Endpoint, ParsedRequest } from './endpoint.js';
import type { Reply, Surface } from './surface.js';

export interface GenerateOptions {
  readonly planner: AnswerPlanner;
  /** A new id for every answer. */
  readonly nextId: () => string;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** The endpoint that answers prompts in the wire format of `surface`. */
export function createGenerateEndpoint(surface: Surface, options: GenerateOptions): Endpoint {
  const { planner, nextId, clock } = options;
  return {
    name: surface.name,
    method: 'POST',
    dialect: () => surface.dialect,
    errorFrame: surface.errorFrame,
    read(request, context): ParsedRequest {
      const prompt = surface.read(request, context);
      return {
        model: prompt.model,
        stream: prompt.stream,
        userText: lastUserText(prompt),
        start(fault) {
          const first = planner.plan(prompt, 0, fault);
          const answers: [Answer, ...Answer[]] = [first];
          for (let choice = 1; choice < prompt.choices; choice += 1)
            answers.push(planner.plan(prompt, choice, fault));
          const meter = createMeter();
          const createdAt = Math.floor(clock() / 1_000);
          const reply: Reply = { request, prompt, answers, id: nextId(), createdAt, fault, meter };
          const { total, cacheRead } = prompt.usage;
          let outputTokens = 0;
          let reasoningTokens = 0;
          for (const answer of answers) {
            outputTokens += answer.outputTokens;
            reasoningTokens += answer.reasoningTokens;
          }
          return {
            charge: {
              inputTokens: surface.dialect === 'anthropic' ? total - cacheRead : total,
              outputTokens,
            },
            frameSent: () => meter.commit(),
            billed: () => {
              const output = meter.tokens();
              // Reasoning comes first, so what was emitted is reasoning until that is used up.
              return {
                input: total,
                cachedInput: cacheRead,
                output,
                reasoning: Math.min(reasoningTokens, output),
              };
            },
            body: () => surface.body(reply),
            frames: prompt.stream ? () => surface.frames(reply) : undefined,
          };
        },
      };
    },
  };
}
