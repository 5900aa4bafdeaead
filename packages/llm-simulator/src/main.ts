#!/usr/bin/env node
import { parseCommand, USAGE } from './command.js';
import { createSimulator } from './simulator.js';

const FAILURE = 1;
const USAGE_ERROR = 2;

async function main(): Promise<void> {
  let command: ReturnType<typeof parseCommand>;
  try {
    command = parseCommand(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`llm-simulator: ${messageOf(error)}\nTry llm-simulator --help.\n`);
    process.exitCode = USAGE_ERROR;
    return;
  }
  if (command === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  try {
    const simulator = await createSimulator(command);
    process.stdout.write(`${simulator.url}\n`);
    const stop = (): void => void simulator.close();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } catch (error) {
    const usage = error instanceof TypeError || error instanceof RangeError;
    process.stderr.write(`llm-simulator: ${messageOf(error)}\n`);
    process.exitCode = usage ? USAGE_ERROR : FAILURE;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

await main();
