import type { Command } from 'commander';
import { manual } from './manual.js';
import { collect, flagsOf, numberUpTo, portNumber, positiveNumber, wholeNumber } from './parse-options.js';

/** What asks a model, or serves those that do. */
export function addModelCommands(program: Command, done: (code: number) => void): void {
  const generate = program
    .command('generate')
    .description('answer a prompt, streamed; reads stdin when it is piped')
    .argument('[prompt]', 'the prompt; - reads it from stdin')
    .option('-f, --file <file>', 'text put before the prompt; may be given more than once', collect, [])
    .option('--schema <file>', 'JSON schema that the answer must fit; prints the JSON')
    .option('--no-stream', 'print the answer when it is whole')
    .option('-o, --output <file>', 'write the answer to a file');
  addCallOptions(generate).action(async (prompt: string | undefined, options, command: Command) => {
    const run = await import('../commands/generate.js');
    done(await run.generate(prompt, options, flagsOf(command)));
  });
  manual(generate, {
    examples: [
      'generate "Why do tides come twice a day?"',
      'generate -f notes.md "Summarize this" -o summary.md',
      'git diff | ai-toolkit generate "Write a commit message"',
      'generate --schema person.json "Invent a person" | jq .name',
      'generate --offline --cassettes test/cassettes "Say hello"',
    ],
    notes: [
      'The question is made of the files, then stdin, then the prompt. The answer goes to stdout; who answered, hit or miss, tokens and cost go to stderr. In a terminal Markdown is marked; in a pipe or with --no-color it is plain.',
      'With --cassettes answers are recorded as files in a folder, and come from there. With --offline nobody is asked: what neither the cassettes nor, without them, the cache can answer exits with 3.',
    ],
  });
  const chat = program
    .command('chat')
    .description('hold a conversation, which is kept; piped in, each line is a turn')
    .option('--continue [id]', 'go on with a kept one; the latest without an id');
  addCallOptions(chat).action(async (options, command: Command) => {
    const run = await import('../commands/chat.js');
    done(await run.chat(options, flagsOf(command)));
  });
  manual(chat, {
    examples: [
      'chat',
      'chat -m gpt-4o-mini -s "Answer in one sentence"',
      'chat --continue',
      'chat --continue 2026-11-29-153012-k3f9',
      `printf 'Name a tide.\\nAnd another.\\n' | ai-toolkit chat --json`,
    ],
    notes: [
      'A turn is kept when its answer is whole. An empty line or Ctrl-D ends a conversation on a terminal.',
    ],
  });
  manual(
    program
      .command('models')
      .description('list what the configured providers offer')
      .option('--provider <name>', 'only this one')
      .action(async (options, command: Command) => {
        const run = await import('../commands/models.js');
        done(await run.models(options, flagsOf(command)));
      }),
    { examples: ['models', 'models --provider openai --json'] },
  );
  manual(
    program
      .command('serve')
      .description('run the gateway and its dashboard')
      .option('--port <n>', 'port; 0 takes a free one', portNumber)
      .option('--host <address>', 'address to bind; others than loopback need a gateway key')
      .option('--workers <n>', 'processes that share the port; 0 takes one for each core', wholeNumber)
      .action(async (options, command: Command) => {
        const run = await import('../commands/serve.js');
        done(await run.serve(options, flagsOf(command)));
      }),
    {
      examples: ['serve', 'serve --port 8080', 'serve --host 0.0.0.0'],
      notes: [
        'Clients use it by its base URL, such as http://127.0.0.1:4000/v1. Ctrl-C stops it when its streams have ended.',
      ],
    },
  );
}

/** What one call of a model may be told, whatever it is for. */
function addCallOptions(command: Command): Command {
  return command
    .option('-m, --model <name>', 'model to ask')
    .option('-s, --system <text>', 'instructions before the prompt')
    .option('--max-tokens <n>', 'upper bound of the answer, tokens', positiveNumber)
    .option('--temperature <t>', 'randomness, 0 to 2', numberUpTo(2))
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'ask anew and store the answer')
    .option('--only-if-cached', 'fail when no answer is stored, and ask nobody')
    .option('--offline', 'ask nobody: only the cache or, with --cassettes, those answer')
    .option('--cassettes <dir>', 'record answers as files in this folder, and play them back');
}
