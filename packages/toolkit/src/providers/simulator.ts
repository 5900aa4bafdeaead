/** Provider name of the built-in simulator. */
export const simulatorName = 'simulator';

/** Default model of the simulator. */
export const simulatorModel = 'simulated-1';

/** Models it lists, and the families of real ones that scripts may name; any other name is reported as a mistake. */
const knownModels: readonly string[] = [
  simulatorModel,
  'gpt-4o',
  'gpt-4o-mini',
  'claude-haiku-4-5',
  'text-embedding-3-small',
  'chatgpt-*',
  'claude-*',
  'codestral*',
  'command-*',
  'deepseek*',
  'gemini-*',
  'gemma*',
  'gpt-*',
  'grok-*',
  'llama*',
  'meta-llama*',
  'mistral*',
  'mixtral*',
  'o1*',
  'o3*',
  'o4*',
  'phi*',
  'qwen*',
  'text-embedding-*',
];

/** The simulator of this process, started on first use. */
export interface SimulatorHandle {
  /** Starts it, once; resolves with its OpenAI-compatible base URL. */
  readonly start: () => Promise<string>;
  close(): Promise<void>;
}

export function createSimulatorHandle(): SimulatorHandle {
  let running: Promise<{ readonly openaiBaseUrl: string; close(): Promise<void> }> | undefined;
  return {
    start: async () => {
      running ??= import('@ai-toolkit/llm-simulator').then(({ createSimulator }) =>
        createSimulator({ models: knownModels, strictModels: true }),
      );
      return (await running).openaiBaseUrl;
    },
    close: async () => {
      await (await running)?.close();
      running = undefined;
    },
  };
}
