/** The simulator of this process: started by the first who needs it. */
export interface SimulatorHandle {
  /** Starts it, once; resolves with its base URL for OpenAI's wire format. */
  readonly start: () => Promise<string>;
  close(): Promise<void>;
}

export function createSimulatorHandle(): SimulatorHandle {
  let running: Promise<{ readonly openaiBaseUrl: string; close(): Promise<void> }> | undefined;
  return {
    start: async () => {
      running ??= import('@ai-toolkit/llm-simulator').then(({ createSimulator }) => createSimulator());
      return (await running).openaiBaseUrl;
    },
    close: async () => {
      await (await running)?.close();
      running = undefined;
    },
  };
}
