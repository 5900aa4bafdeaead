import { maskSecret, setSetting } from '@ai-toolkit/toolkit/config';
import { type GlobalFlags, runBareCommand } from '../../run-command.js';
import { ask, canAsk } from '../../terminal.js';
import { configFileOf, noticeChange } from './config-file.js';

/** What to ask for a provider: settings of its table. */
interface Questions {
  readonly label: string;
  readonly hint?: string;
  readonly address?: { readonly setting: string; readonly placeholder: string };
  readonly key?: string;
}

const providers: Readonly<Record<string, Questions>> = {
  auto: { label: 'Automatic', hint: 'keys of the environment, else Ollama, else simulated answers' },
  openai: {
    label: 'OpenAI, or a server that speaks as it does',
    address: { setting: 'openai.baseUrl', placeholder: 'https://api.openai.com/v1' },
    key: 'openai.apiKey',
  },
  anthropic: { label: 'Anthropic', key: 'anthropic.apiKey' },
  azure: {
    label: 'Azure OpenAI',
    address: { setting: 'azure.endpoint', placeholder: 'https://NAME.openai.azure.com' },
    key: 'azure.apiKey',
  },
  ollama: {
    label: 'Ollama',
    address: { setting: 'ollama.baseUrl', placeholder: 'http://127.0.0.1:11434' },
  },
  simulator: { label: 'Simulated answers', hint: 'needs nothing' },
};

/** Asks for the most common settings. Without a terminal, names the commands that do the same. */
export function configWizard(globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    if (!canAsk(globals)) {
      throw new TypeError(
        'This needs a terminal. Use: ai-toolkit config list, get, set, unset, path, edit, validate or reset.',
      );
    }
    const file = configFileOf(globals);
    for (const [name, value] of await gather()) {
      const change = await setSetting({ file, profile: globals.profile }, name, value);
      output.notice(`${name} = ${name.endsWith('Key') ? maskSecret(value) : value}`);
      noticeChange(change, file, output);
    }
    output.result({ file }, '');
    output.notice(`Written to ${file}. To see whether it works: ai-toolkit diagnose`);
    return undefined;
  });
}

async function gather(): Promise<readonly (readonly [name: string, value: string])[]> {
  const provider = await ask((clack) =>
    clack.select({
      message: 'Who shall answer?',
      options: Object.entries(providers).map(([value, { label, hint }]) => ({
        value,
        label,
        ...(hint === undefined ? {} : { hint }),
      })),
    }),
  );
  const { address, key } = providers[provider] ?? {};
  const found: [string, string][] = [['provider', provider]];
  if (address !== undefined) {
    const { setting, placeholder } = address;
    found.push([
      setting,
      await ask((clack) => clack.text({ message: 'Its URL (empty: as it is)', placeholder })),
    ]);
  }
  if (key !== undefined)
    found.push([key, await ask((clack) => clack.password({ message: 'API key (empty: as it is)' }))]);
  found.push(['model', await ask((clack) => clack.text({ message: "Model (empty: the provider's own)" }))]);
  // Empty answers change nothing.
  return found.filter(([, value]) => typeof value === 'string' && value.trim() !== '');
}
