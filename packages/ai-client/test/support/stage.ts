import { createSimulator, type Simulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import {
  type CallRecord,
  createPipeline,
  openaiProvider,
  type Pipeline,
  type PipelineOptions,
} from '../../src/index.js';

/** A pipeline in front of a simulator, and the records it has made. */
export interface Stage extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly pipeline: Pipeline;
  readonly records: CallRecord[];
}

export async function createStage(
  options: Partial<PipelineOptions> = {},
  simulatorOptions: SimulatorOptions = {},
): Promise<Stage> {
  const simulator = await createSimulator(simulatorOptions);
  const records: CallRecord[] = [];
  const pipeline = createPipeline({
    providers: [openaiProvider(simulator.openaiBaseUrl)],
    onCall: (record) => records.push(record),
    ...options,
  });
  return {
    simulator,
    pipeline,
    records,
    [Symbol.asyncDispose]: async () => {
      await pipeline.close();
      await simulator.close();
    },
  };
}
