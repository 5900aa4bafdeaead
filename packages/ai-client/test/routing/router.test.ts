import { describe, expect, it } from 'vitest';
import { openaiProvider, type Provider } from '../../src/index.js';
import type { ModelRoute } from '../../src/routing/model-route.js';
import { createRouter } from '../../src/routing/router.js';

const one = openaiProvider('http://127.0.0.1:1/v1', undefined, 'one');
const two: Provider = {
  ...openaiProvider('http://127.0.0.1:2/v1', undefined, 'two'),
  accepts: (m) => m.startsWith('claude'),
};

function routed(model: string, routes: readonly ModelRoute[] = []): unknown {
  const { targets, fallbacks } = createRouter([one, two], routes)(model, 'chat');
  return [targets, fallbacks].map((list) =>
    list.map(({ provider, model: name }) => `${provider.name}:${name}`),
  );
}

describe('createRouter', () => {
  it('finds the provider by model, by its name in front, or takes the one that claims nothing', () => {
    expect(routed('claude-x')).toEqual([['two:claude-x'], []]);
    expect(routed('gpt')).toEqual([['one:gpt'], []]);
    expect(routed('two/gpt')).toEqual([['two:gpt'], []]);
    expect(routed('meta/llama')).toEqual([['one:meta/llama'], []]);
  });

  it('resolves aliases and patterns, the first that fits', () => {
    const routes = [
      { model: 'fast', targets: [{ model: 'gpt-mini' }], fallbacks: [{ provider: 'two', model: 'haiku' }] },
      { model: 'gpt-*', targets: [{ provider: 'two' }, { provider: 'one', weight: 0.5 }] },
    ];
    expect(routed('fast', routes)).toEqual([['one:gpt-mini'], ['two:haiku']]);
    expect(routed('gpt-4', routes)).toEqual([['two:gpt-4', 'one:gpt-4'], []]);
    expect(routed('other', routes)).toEqual([['one:other'], []]);
  });

  it('says which entry is wrong', () => {
    const build = (route: Partial<ModelRoute>) => () =>
      createRouter([one], [{ model: 'm', targets: [{}], ...route }]);
    expect(build({ targets: [] })).toThrow('routes[0].targets must name at least one target');
    expect(build({ targets: [{ provider: 'nobody' }] })).toThrow(
      'routes[0] names the provider "nobody"; configured are: one',
    );
    expect(build({ targets: [{ weight: 0 }] })).toThrow('weight must be above 0, got 0');
    expect(build({ model: '' })).toThrow('routes[0].model must be a non-empty string');
    expect(() => createRouter([], [])('gpt', 'chat')).toThrow(
      'No provider is configured for the model "gpt"',
    );
  });
});
