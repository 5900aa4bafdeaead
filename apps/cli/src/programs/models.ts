import type { Command } from 'commander';
import { manual } from './manual.js';
import { collect, flagsOf, numberUpTo, portNumber, positiveNumber, wholeNumber } from './parse-options.js';

/** Commands that call models or serve clients that do. */
export function addModelCommands(program: Command, done: (code: number) => void): void {
  const generate = program
    .command('generate')
    .description('answer a prompt, streaming the answer; reads piped stdin')
    .argument('[prompt]', 'the prompt; - reads it from stdin')
    .option('-f, --file <file>', 'text put before the prompt; may be given more than once', collect, [])
    .option('--schema <file>', 'JSON schema that the answer must match; prints the JSON')
    .option('--no-stream', 'print the answer once it is complete')
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
      'The files, then stdin, then the prompt are combined into one question. The answer goes to stdout; the model, cache hit or miss, tokens and cost go to stderr. On a terminal, Markdown is highlighted; in a pipe or with --no-color it is plain.',
      'With --cassettes, answers are recorded as files in a folder and replayed from there. With --offline, no provider is called: if the cassettes (or, without them, the cache) have no answer, it exits with 3.',
    ],
  });
  const chat = program
    .command('chat')
    .description('hold a conversation, which is saved; with piped input, each line is a turn')
    .option('--continue [id]', 'continue a saved conversation; without an id, the latest');
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
      'A turn is saved once its answer is complete. On a terminal, an empty line or Ctrl-D ends the conversation.',
    ],
  });
  manual(
    program
      .command('models')
      .description('list the models of the configured providers')
      .option('--provider <name>', 'only this provider')
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
      .option('--host <address>', 'address to bind; any but loopback needs a gateway key')
      .option('--workers <n>', 'processes that share the port; 0 takes one per core', wholeNumber)
      .action(async (options, command: Command) => {
        const run = await import('../commands/serve.js');
        done(await run.serve(options, flagsOf(command)));
      }),
    {
      examples: ['serve', 'serve --port 8080', 'serve --host 0.0.0.0'],
      notes: [
        'Clients use it through its base URL, such as http://127.0.0.1:4000/v1. Ctrl-C lets open streams end, then stops it.',
      ],
    },
  );
}

/** Options common to all model calls. */
function addCallOptions(command: Command): Command {
  return command
    .option('-m, --model <name>', 'model to ask')
    .option('-s, --system <text>', 'instructions before the prompt')
    .option('--max-tokens <n>', 'longest answer, tokens', positiveNumber)
    .option('--temperature <t>', 'randomness, 0 to 2', numberUpTo(2))
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'request a new answer and store it')
    .option('--only-if-cached', 'fail if no answer is stored, instead of calling a provider')
    .option('--offline', 'call no provider: only the cache answers, or with --cassettes, only those')
    .option('--cassettes <dir>', 'record answers as files in this folder, and replay them');
}
