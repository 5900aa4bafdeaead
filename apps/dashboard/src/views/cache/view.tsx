import type { JSX } from 'preact';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import type { ViewProps } from '../view.js';
import { Browse } from './browse.js';
import { EntryPage } from './entry-page.js';
import { ExplainPage } from './explain-page.js';
import './cache.css';

/** What the cache holds: all of it, one stored answer, or why a request hits or misses. */
export function View({ route }: ViewProps): JSX.Element {
  return <div class="panel-column cache">{pageOf(route)}</div>;
}

function pageOf(route: ViewProps['route']): JSX.Element {
  const [page, key, ...rest] = route.path;
  if (page === undefined) return <Browse query={route.query} />;
  if (page === 'explain' && key === undefined) return <ExplainPage query={route.query} />;
  if (page === 'entries' && key !== undefined && rest.length === 0) return <EntryPage key={key} of={key} />;
  return (
    <>
      <ViewHeading title="Not found" />
      <p class="detail">
        The cache has no such page. <a href={hrefOf('cache')}>Browse stored answers</a>
      </p>
    </>
  );
}
