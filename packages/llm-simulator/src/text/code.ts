import type { Subject } from './subject.js';
import { capitalise, slugOf } from './words.js';

interface Language {
  readonly tag: string;
  readonly extension: string;
  readonly words: RegExp;
  /** Appended to a word to name a field. */
  readonly suffix: string;
  write(type: string, field: string): string;
  test?(module: string, field: string): string;
}

const nodeTest = (module: string, field: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { latest } from '${module}';\n\ntest('finds the one with the greatest ${field}', () => {\n  const all = [{ name: 'a', ${field}: 1 }, { name: 'b', ${field}: 2 }];\n  assert.equal(latest(all)?.name, 'b');\n  assert.equal(latest([]), undefined);\n});`;

const TYPESCRIPT: Language = {
  tag: 'ts',
  suffix: 'Value',
  extension: 'ts',
  words: /\b(?:typescript|\.tsx?)\b/i,
  write: (type, field) =>
    `/** Simulated example. */\nexport interface ${type} {\n  readonly name: string;\n  readonly ${field}: number;\n}\n\n/** The one with the greatest ${field}; undefined when there is none. */\nexport function latest(all: readonly ${type}[]): ${type} | undefined {\n  return all.toSorted((left, right) => right.${field} - left.${field})[0];\n}`,
  test: nodeTest,
};

const LANGUAGES: readonly Language[] = [
  TYPESCRIPT,
  {
    tag: 'python',
    suffix: '_value',
    extension: 'py',
    words: /\b(?:python|django|flask|\.py)\b/i,
    write: (type, field) =>
      `"""Simulated example."""\nfrom dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass ${type}:\n    name: str\n    ${field}: float\n\n\ndef latest(everything: list[${type}]) -> ${type} | None:\n    """The one with the greatest ${field}; None when there is none."""\n    return max(everything, key=lambda one: one.${field}, default=None)`,
  },
  {
    tag: 'go',
    suffix: '',
    extension: 'go',
    words: /\b(?:golang|go (?:code|module|program|package)|in go|\.go)\b/i,
    write: (type, field) =>
      `// Package example is a simulated example.\npackage example\n\n// ${type} has a name and a ${field}.\ntype ${type} struct {\n\tName  string\n\tValue float64\n}\n\n// Latest returns the one with the greatest value, and whether there is one.\nfunc Latest(all []${type}) (${type}, bool) {\n\tvar best ${type}\n\tfor i, one := range all {\n\t\tif i == 0 || one.Value > best.Value {\n\t\t\tbest = one\n\t\t}\n\t}\n\treturn best, len(all) > 0\n}`,
  },
  {
    tag: 'rust',
    suffix: '_value',
    extension: 'rs',
    words: /\b(?:rust|cargo|\.rs)\b/i,
    write: (type, field) =>
      `//! Simulated example.\n\n#[derive(Debug, Clone, PartialEq)]\npub struct ${type} {\n    pub name: String,\n    pub ${field}: f64,\n}\n\n/// The one with the greatest ${field}.\npub fn latest(all: &[${type}]) -> Option<&${type}> {\n    all.iter().max_by(|a, b| a.${field}.total_cmp(&b.${field}))\n}`,
  },
  {
    tag: 'js',
    suffix: 'Value',
    extension: 'js',
    words: /\b(?:javascript|node\.?js|react|browser|html|\.m?js)\b/i,
    write: (type, field) =>
      `// Simulated example.\n/** @typedef {{ name: string, ${field}: number }} ${type} */\n\n/**\n * The one with the greatest ${field}.\n * @param {readonly ${type}[]} all\n * @returns {${type} | undefined}\n */\nexport function latest(all) {\n  return all.toSorted((left, right) => right.${field} - left.${field})[0];\n}`,
    test: nodeTest,
  },
];

const FILE_NAME = /(?<![\w/.=-])((?:[\w-]+\/){0,4}[\w-]+\.(?:ts|js|mjs|py|go|rs))(?![\w/-])/g;
const INFO_KEY = /```\w*\s+(?:\w+=\S{1,200}\s+){0,4}((?:title|file|filename|path)=["']?)/;
const MAX_FILES = 4;

/** Fenced blocks with a file name in their info strings. */
interface CodeFiles {
  readonly sources: readonly string[];
  /** Empty for languages whose tests the simulator cannot write. */
  readonly tests: readonly string[];
}

/** The files named in the prompt, else one named after the subject; names are written as in the prompt's own example. */
export function codeFiles(subject: Subject, prompt: string): CodeFiles {
  const preferred = LANGUAGES.find((language) => language.words.test(prompt)) ?? TYPESCRIPT;
  const named = [...new Set([...prompt.matchAll(FILE_NAME)].map((match) => match[1] ?? ''))].slice(
    0,
    MAX_FILES,
  );
  const files = named.length > 0 ? named : [`src/${subject.slug}.${preferred.extension}`];
  const key = INFO_KEY.exec(prompt)?.[1] ?? '';
  const quote = /["']$/.exec(key)?.[0] ?? '';
  const fenced = (file: string, tag: string, code: string): string =>
    `\`\`\`${tag} ${key}${file}${quote}\n${code}\n\`\`\``;
  const type = typeName(subject.title);
  const word = fieldWord(subject);
  const languageOf = (file: string): Language => {
    const extension = file.slice(file.lastIndexOf('.') + 1).replace('mjs', 'js');
    return LANGUAGES.find((candidate) => candidate.extension === extension) ?? preferred;
  };
  const sources = files.map((file) =>
    fenced(file, languageOf(file).tag, languageOf(file).write(type, word + languageOf(file).suffix)),
  );
  const [first = ''] = files;
  const { tag, extension, suffix, test } = languageOf(first);
  const name = first.slice(first.lastIndexOf('/') + 1, first.lastIndexOf('.'));
  const path =
    extension === 'py' ? `tests/test_${name.replaceAll('-', '_')}.py` : `test/${name}.test.${extension}`;
  return {
    sources,
    tests:
      test === undefined
        ? []
        : [fenced(path, tag, test(`../${first.replace(/\.ts$/, '.js')}`, word + suffix))],
  };
}

/** `Tide Clock` becomes `TideClock`. */
function typeName(title: string): string {
  const name = slugOf(title).split('-').map(capitalise).join('');
  return /^[A-Z]/.test(name) ? name : `Simulated${name}`;
}

function fieldWord(subject: Subject): string {
  const words = subject.words.map((candidate) => candidate.replace(/[^a-z]/g, ''));
  // With its suffix no word is a reserved one.
  return words.find((candidate) => candidate.length >= 4) ?? 'given';
}
