import { describe, expect, it } from 'vitest';
import { createPipeline, type SemanticOptions } from '../../src/index.js';
import { checkSemanticOptions } from '../../src/semantic/semantic-options.js';

describe('the options of the semantic cache', () => {
  it.each<[object, string]>([
    [{}, 'semantic.embed must be a function or name a model for embeddings, got undefined'],
    [{ embed: '' }, 'semantic.embed must be a function or name a model for embeddings, got ""'],
    [
      { embed: { model: 'e', dimensions: 0 } },
      'semantic.embed.dimensions must be a whole number above 0, got 0',
    ],
    [{ embed: 'e', threshold: 1.1 }, 'semantic.threshold must be false or above 0 and up to 1, got 1.1'],
    [
      { embed: 'e', namespaces: { faq: 0 } },
      'semantic.namespaces["faq"] must be false or above 0 and up to 1, got 0',
    ],
    [{ embed: 'e', maxEntries: 1.5 }, 'semantic.maxEntries must be a whole number above 0, got 1.5'],
    [{ embed: 'e', maxTextLength: 0 }, 'semantic.maxTextLength must be a whole number above 0, got 0'],
    [{ embed: 'e', timeoutMs: 0 }, 'semantic.timeoutMs must be above 0, got 0'],
    [{ embed: 'e', treshold: false }, 'semantic has no option "treshold"'],
    [{ embed: { model: 'e', dimension: 8 } }, 'semantic.embed has no option "dimension"'],
  ])('refuses %j', (options, message) => {
    expect(() => createPipeline({ providers: [], semantic: options as SemanticOptions })).toThrow(message);
  });

  it('has a threshold for each namespace', () => {
    const { thresholdOf } = checkSemanticOptions({ embed: 'e', namespaces: { faq: 0.9, law: false } });
    expect(['faq', 'law', 'other', undefined, 'toString'].map(thresholdOf)).toEqual([
      0.9,
      undefined,
      0.95,
      0.95,
      0.95,
    ]);
    const named = checkSemanticOptions({ embed: 'e', threshold: false, namespaces: { faq: 0.9 } });
    expect(['faq', 'other', undefined].map(named.thresholdOf)).toEqual([0.9, undefined, undefined]);
  });
});
