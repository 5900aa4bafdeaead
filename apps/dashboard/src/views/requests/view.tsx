import type { JSX } from 'preact';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import type { ViewProps } from '../view.js';
import { RequestList } from './request-list.js';
import { RequestPage } from './request-page.js';
import './requests.css';

/** The calls of the ledger: all of them, or one. */
export function View({ route }: ViewProps): JSX.Element {
  const [id, ...rest] = route.path;
  return (
    <div class="panel-column requests">
      {id === undefined && <RequestList query={route.query} />}
      {id !== undefined && rest.length === 0 && <RequestPage key={id} id={id} />}
      {rest.length > 0 && (
        <>
          <ViewHeading title="Not found" />
          <p class="detail">
            There is no such page. <a href={hrefOf('requests')}>Browse all requests</a>
          </p>
        </>
      )}
    </div>
  );
}
