import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { fetchKeys } from '../../api/keys.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { formatCount } from '../../format/format.js';
import { FilterBar } from '../../parts/filter-bar.js';
import { Empty, Failure, Loading } from '../../parts/states.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import { settleAt } from '../../routing/use-route.js';
import { filterFields, filtersOf } from './filters.js';
import { RequestTable } from './request-table.js';
import { useRequests } from './use-requests.js';

/** The filtered requests, updated as calls end. */
export function RequestList({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const [isPaused, setPaused] = useState(false);
  const { pages, rows, held } = useRequests(query, isPaused);
  const keys = useLoaded(fetchKeys, []);
  const named = keys.value;
  const fields = useMemo(() => filterFields(named ?? []), [named]);
  const filter = (changed: URLSearchParams): void =>
    settleAt(hrefOf('requests', [], Object.fromEntries(changed)));
  const isFiltered = Object.keys(filtersOf(query)).length > 0;
  return (
    <>
      <ViewHeading title="Requests" detail={isPaused ? 'Paused' : 'Live, newest first'}>
        <div class="buttons">
          {held > 0 && <span class="detail">{formatCount(held)} more since</span>}
          <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            {isPaused ? 'Go on' : 'Pause'}
          </button>
        </div>
      </ViewHeading>
      <section class="panel" aria-label="Requests" aria-busy={pages.isLoading}>
        <FilterBar label="Requests" fields={fields} values={query} onChange={filter} />
        {pages.problem !== null && (
          <Failure problem={pages.problem.message} action="Try again" onAction={pages.reload} />
        )}
        {pages.first === null && pages.problem === null && <Loading lines={8} />}
        {pages.first !== null &&
          rows.length === 0 &&
          (isFiltered ? <p class="detail">No request matches.</p> : <NoRequests />)}
        {rows.length > 0 && <RequestTable calls={rows} keys={named ?? []} onEnd={pages.loadMore} />}
        {rows.length > 0 && (
          <p class="list-end detail">
            <span role="status">
              {formatCount(rows.length)} shown{pages.hasMore ? '' : ', and there are no more'}
            </span>
            {pages.hasMore && (
              <button type="button" onClick={pages.loadMore} disabled={pages.isLoading}>
                {pages.isLoading ? 'Loading' : 'Show more'}
              </button>
            )}
          </p>
        )}
      </section>
    </>
  );
}

function NoRequests(): JSX.Element {
  return (
    <Empty title="No requests yet">
      <p>
        What clients ask of models through this server will be here as it ends. The{' '}
        <a href={hrefOf('overview')}>overview</a> has a first one to send.
      </p>
    </Empty>
  );
}
