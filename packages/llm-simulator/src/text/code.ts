import type { Subject } from './subject.js';
import { capitalise, slugOf } from './words.js';

interface Language {
  readonly tag: string;
  readonly extension: string;
  readonly words: RegExp;
  write(type: string, field: string): string;
}

const LANGUAGES: readonly Language[] = [
  {
    tag: 'ts',
    extension: 'ts',
    words: /\b(?:typescript|\.tsx?)\b/i,
    write: (type, field) =>
      `/** Simulated example. */\nexport interface ${type} {\n  readonly name: string;\n  readonly ${field}: number;\n}\n\n/** The one with the greatest ${field}; undefined when there is none. */\nexport function latest(all: readonly ${type}[]): ${type} | undefined {\n  return all.toSorted((left, right) => right.${field} - left.${field})[0];\n}`,
  },
  {
    tag: 'python',
    extension: 'py',
    words: /\b(?:python|django|flask|\.py)\b/i,
    write: (type, field) =>
      `"""Simulated example."""\nfrom dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass ${type}:\n    name: str\n    ${field}: float\n\n\ndef latest(everything: list[${type}]) -> ${type} | None:\n    """The one with the greatest ${field}; None when there is none."""\n    return max(everything, key=lambda one: one.${field}, default=None)`,
  },
  {
    tag: 'go',
    extension: 'go',
    words: /\b(?:golang|go (?:code|module|program|package)|in go|\.go)\b/i,
    write: (type, field) =>
      `// Package example is a simulated example.\npackage example\n\n// ${type} has a name and a ${field}.\ntype ${type} struct {\n\tName  string\n\tValue float64\n}\n\n// Latest returns the one with the greatest value, and whether there is one.\nfunc Latest(all []${type}) (${type}, bool) {\n\tvar best ${type}\n\tfor i, one := range all {\n\t\tif i == 0 || one.Value > best.Value {\n\t\t\tbest = one\n\t\t}\n\t}\n\treturn best, len(all) > 0\n}`,
  },
  {
    tag: 'rust',
    extension: 'rs',
    words: /\b(?:rust|cargo|\.rs)\b/i,
    write: (type, field) =>
      `//! Simulated example.\n\n#[derive(Debug, Clone, PartialEq)]\npub struct ${type} {\n    pub name: String,\n    pub ${field}: f64,\n}\n\n/// The one with the greatest ${field}.\npub fn latest(all: &[${type}]) -> Option<&${type}> {\n    all.iter().max_by(|a, b| a.${field}.total_cmp(&b.${field}))\n}`,
  },
  {
    tag: 'js',
    extension: 'js',
    words: /\b(?:javascript|node\.?js|react|browser|html|\.m?js)\b/i,
    write: (type, field) =>
      `// Simulated example.\n/** @typedef {{ name: string, ${field}: number }} ${type} */\n\n/**\n * The one with the greatest ${field}.\n * @param {readonly ${type}[]} all\n * @returns {${type} | undefined}\n */\nexport function latest(all) {\n  return all.toSorted((left, right) => right.${field} - left.${field})[0];\n}`,
  },
];

const FILE_NAME = /(?<![\w/.-])((?:[\w-]+\/){0,4}[\w-]+\.(?:ts|js|mjs|py|go|rs))(?![\w/-])/g;
const INFO_KEY = /```\w*\s+(?:\w+=\S+\s+)*(title|file|filename|path)=/;
const MAX_FILES = 4;

/** Fenced code blocks, each with a file name in its info string: those named in the prompt, else one. */
export function codeFiles(subject: Subject, prompt: string): string[] {
  const preferred = LANGUAGES.find((language) => language.words.test(prompt)) ?? LANGUAGES[0];
  const named = [...new Set([...prompt.matchAll(FILE_NAME)].map((match) => match[1] ?? ''))];
  const files =
    named.length > 0 ? named.slice(0, MAX_FILES) : [`src/${subject.slug}.${preferred?.extension ?? 'ts'}`];
  const key = INFO_KEY.exec(prompt)?.[1];
  return files.map((file) => {
    const extension = file.slice(file.lastIndexOf('.') + 1).replace('mjs', 'js');
    const language = LANGUAGES.find((candidate) => candidate.extension === extension) ?? preferred;
    const info = key === undefined ? file : `${key}="${file}"`;
    return `\`\`\`${language?.tag ?? ''} ${info}\n${language?.write(typeName(subject.title), fieldName(subject)) ?? ''}\n\`\`\``;
  });
}

/** `Tide Clock` becomes `TideClock`. */
function typeName(title: string): string {
  const name = slugOf(title).split('-').map(capitalise).join('');
  return /^[A-Z]/.test(name) ? name : `Simulated${name}`;
}

function fieldName(subject: Subject): string {
  const word = subject.words
    .map((candidate) => candidate.replace(/[^a-z]/g, ''))
    .find((candidate) => candidate.length >= 4);
  // A trailing underscore would be ugly; a suffix keeps clear of every language's reserved words.
  return word === undefined ? 'value' : `${word}_value`;
}
