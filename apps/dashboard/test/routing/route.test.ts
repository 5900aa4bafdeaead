import { describe, expect, it } from 'vitest';
import { hrefOf, routeOf } from '../../src/routing/route.js';

describe('a route', () => {
  it.each(['', '#', '#/', '#main', '#/?a=b'])('is the first view at %j', (hash) => {
    expect(routeOf(hash)).toMatchObject({ view: 'overview', path: [] });
  });

  it('has a view, a path and a query', () => {
    const { view, path, query } = routeOf('#/requests/req-1?status=error&model=a%2Fb');
    expect({ view, path, query: [...query] }).toEqual({
      view: 'requests',
      path: ['req-1'],
      query: [
        ['status', 'error'],
        ['model', 'a/b'],
      ],
    });
  });

  it('comes back from its address, whatever is in it', () => {
    for (const name of ['a/b', 'ü ?#%', '100%', '..']) {
      const { path, query } = routeOf(
        hrefOf('projects', [name, '2'], { tag: name, none: undefined, empty: '' }),
      );
      expect(path).toEqual([name, '2']);
      expect([...query]).toEqual([['tag', name]]);
    }
  });

  it('stands an address that nobody has encoded', () => {
    expect(routeOf('#/cache/100%').path).toEqual(['100%']);
  });
});
