import type { Command } from 'commander';
import { collect, flagsOf, number, wholeNumber } from './parse-options.js';

/** What asks a model, or serves those that do. */
export function addModelCommands(program: Command, done: (code: number) => void): void {
  program
    .command('generate')
    .description('answer a prompt; reads stdin when it is piped')
    .argument('[prompt]', 'the prompt')
    .option('-m, --model <name>', 'model to ask')
    .option('-s, --system <text>', 'instructions before the prompt')
    .option('-f, --file <file>', 'text put before the prompt; may be given more than once', collect, [])
    .option('--max-tokens <n>', 'upper bound of the answer, tokens', wholeNumber)
    .option('--temperature <t>', 'randomness, 0 to 2', number)
    .option('--no-stream', 'print the answer when it is whole')
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'ask anew and store the answer')
    .option('--only-if-cached', 'fail when no answer is stored, and ask nobody')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (prompt: string | undefined, options, command: Command) => {
      const { generate } = await import('../commands/generate.js');
      done(await generate(prompt, options, flagsOf(command)));
    });
  program
    .command('serve')
    .description('run the gateway and its dashboard')
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber)
    .option('--host <address>', 'address to bind; others than loopback need a gateway key')
    .option('--workers <n>', 'processes that share the port; 0 takes one for each core', wholeNumber)
    .action(async (options, command: Command) => {
      const { serve } = await import('../commands/serve.js');
      done(await serve(options, flagsOf(command)));
    });
}
