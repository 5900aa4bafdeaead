import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';

const packages = new URL('../packages/', import.meta.url);

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | { readonly types: string }>>;
}

/** The public API of a package entry: every name that its users can import. */
export interface ApiReport {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Reports for all entries of all published packages, generated from the built declarations. */
export async function apiReports(): Promise<ApiReport[]> {
  const folders = (await readdir(packages)).sort();
  return (await Promise.all(folders.map(reportsOf))).flat();
}

async function reportsOf(folder: string): Promise<ApiReport[]> {
  const root = new URL(`${folder}/`, packages);
  const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Manifest;
  if (manifest.private === true) return [];
  const reports: ApiReport[] = [];
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue;
    const names = await exportsOf(new URL(target.types, root));
    const sorted = [...names].sort(([one], [other]) => (one < other ? -1 : 1));
    const title = `${manifest.name}${entry.slice(1)}`;
    const body = sorted.map(([, declaration]) => declaration).join('\n\n');
    reports.push({
      path: `packages/${folder}/api/${entry === '.' ? 'index' : entry.slice(2)}.api.md`,
      text: `# ${title}\n\nMade by \`npx pnpm@12.21.0 api\`: what can be imported from \`${title}\`.\n\n\`\`\`ts\n${body}\n\`\`\`\n`,
    });
  }
  return reports;
}

/** The statements of a compiler-generated declaration file, where each starts at the beginning of a line. */
async function statementsOf(file: URL): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const bare = text.replaceAll(/^ *\/\*\*.*?\*\/\n/gms, '').replaceAll(/^\/\/.*$/gm, '');
  return bare
    .split(/^(?=(?:export|declare|import|interface|type|abstract|class) )/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Every name that a file exports, with its declaration, following re-exports. */
async function exportsOf(file: URL): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const statement of await statementsOf(file)) {
    const [, list, from] = /^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?;/s.exec(statement) ?? [];
    if (list !== undefined) {
      for (const [original, name] of namesIn(list))
        found.set(name, await declarationOf(file, original, name, from));
      continue;
    }
    const name = nameOf(statement);
    if (name === undefined || !statement.startsWith('export ')) continue;
    // An overloaded function has several declarations.
    const before = found.get(name);
    found.set(name, before === undefined ? statement : `${before}\n${statement}`);
  }
  return found;
}

function namesIn(list: string): (readonly [original: string, name: string])[] {
  return list
    .split(',')
    .map((item) => item.trim().replace(/^type /, ''))
    .filter((item) => item !== '')
    .map((item) => {
      const [original = '', name = original] = item.split(' as ');
      return [original, name] as const;
    });
}

async function declarationOf(
  file: URL,
  original: string,
  name: string,
  from: string | undefined,
): Promise<string> {
  const renamed = original === name ? '' : `// as ${name}\n`;
  if (from?.startsWith('.') === true) {
    const source = new URL(from.replace(/\.js$/, '.d.ts'), file);
    const declaration = (await exportsOf(source)).get(original);
    if (declaration === undefined) throw new Error(`${source.pathname} does not export ${original}`);
    return `${renamed}${declaration}`;
  }
  if (from !== undefined) return `${renamed}export { ${original} } from '${from}';`;
  const own = (await statementsOf(file)).find((statement) => nameOf(statement) === original);
  if (own === undefined) throw new Error(`${file.pathname} does not declare ${original}`);
  return `${renamed}${own}`;
}

function nameOf(statement: string): string | undefined {
  const kinds = 'interface|type|(?:abstract )?class|function|const|let|enum|namespace';
  return new RegExp(`^(?:export )?(?:declare )?(?:${kinds}) (\\w+)`).exec(statement)?.[1];
}

/** Rewrites all reports, and removes those of entries that no longer exist. */
async function writeReports(): Promise<void> {
  const reports = await apiReports();
  const folders = new Set(reports.map(({ path }) => path.replace(/[^/]+$/, '')));
  for (const folder of folders) {
    await rm(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
    await mkdir(new URL(`../${folder}`, import.meta.url), { recursive: true });
  }
  for (const { path, text } of reports) await writeFile(new URL(`../${path}`, import.meta.url), text);
}

if (process.argv[1] !== undefined && import.meta.filename === process.argv[1]) await writeReports();
