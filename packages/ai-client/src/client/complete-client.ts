import type { AiClient, BaseAiClient } from './ai-client.js';
import { callFunction } from './call-function.js';
import { generateJson } from './generate-json.js';

/** Adds the methods that are built on `generate`. */
export function completeClient(base: BaseAiClient): AiClient {
  return {
    generate: base.generate,
    generateStreaming: base.generateStreaming,
    embed: base.embed,
    generateJson: async (prompt, schema, options) => generateJson(base.generate, prompt, schema, options),
    callFunction: async (prompt, functions, options) =>
      callFunction(base.generate, prompt, functions, options),
  };
}
