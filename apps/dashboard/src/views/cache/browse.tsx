import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type EntrySummary, fetchCache, fetchEntries } from '../../api/cache.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { type Page, usePages } from '../../connection/use-pages.js';
import { formatBytes, formatCount } from '../../format/format.js';
import { FilterBar } from '../../parts/filter-bar.js';
import { Empty, Failure, Loading } from '../../parts/states.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import { settleAt } from '../../routing/use-route.js';
import { EntryTable } from './entry-table.js';
import { filterFields, searchOf } from './filters.js';
import { ForgetDialog } from './forget-dialog.js';
import { Tiers } from './tiers.js';

/** Polled, since the server sends no events about the tiers. */
const tiersRefreshMs = 5000;
const pageSize = 100;

interface EntryRows extends Page<EntrySummary> {
  readonly matched: number;
  readonly bytes: number;
}

async function loadEntries(
  query: URLSearchParams,
  after: string | null,
  signal: AbortSignal,
): Promise<EntryRows> {
  const search = { ...searchOf(query), limit: pageSize, after: after ?? undefined };
  const { entries, next = null, matched, bytes } = await fetchEntries(search, signal);
  return { rows: entries, next, matched, bytes };
}

/** The tiers with their sizes, and the stored answers to browse. */
export function Browse({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const tiers = useLoaded(fetchCache, [], { refreshMs: tiersRefreshMs });
  const pages = usePages((after, signal) => loadEntries(query, after, signal), [query.toString()]);
  const [isForgetting, setForgetting] = useState(false);
  const filter = (changed: URLSearchParams): void =>
    settleAt(hrefOf('cache', [], Object.fromEntries(changed)));
  const reload = (): void => {
    tiers.reload();
    pages.reload();
  };
  return (
    <>
      <ViewHeading title="Cache" detail={query.has('text') ? undefined : sizeText(pages.first)}>
        <div class="buttons">
          <a class="button" href={hrefOf('cache', ['explain'])}>
            Explain a request
          </a>
          <button type="button" class="danger" onClick={() => setForgetting(true)}>
            Delete many…
          </button>
        </div>
      </ViewHeading>
      {tiers.problem !== null && (
        <Failure problem={tiers.problem.message} action="Try again" onAction={tiers.reload} />
      )}
      <Tiers cache={tiers.value} />
      <section class="panel" aria-labelledby="entries-title" aria-busy={pages.isLoading}>
        <h3 id="entries-title">Stored answers</h3>
        <FilterBar label="Stored answers" fields={filterFields} values={query} onChange={filter} />
        {pages.problem !== null && (
          <Failure problem={pages.problem.message} action="Try again" onAction={pages.reload} />
        )}
        {pages.first === null && pages.problem === null && <Loading lines={6} />}
        {pages.first !== null && pages.rows.length === 0 && !pages.hasMore && <NoEntries query={query} />}
        {pages.rows.length > 0 && <EntryTable entries={pages.rows} />}
        {pages.first !== null && (
          <p class="list-end detail">
            {pages.rows.length > 0 &&
              `${formatCount(pages.rows.length)} shown${query.has('text') ? '' : ` of ${formatCount(pages.first.matched)}`} `}
            {pages.hasMore && (
              <button type="button" onClick={pages.loadMore} disabled={pages.isLoading}>
                {query.has('text') ? 'Look further' : 'Show more'}
              </button>
            )}
          </p>
        )}
      </section>
      {isForgetting && <ForgetDialog onClose={() => setForgetting(false)} onDone={reload} />}
    </>
  );
}

function sizeText(first: EntryRows | null): string | undefined {
  if (first === null) return undefined;
  return `${formatCount(first.matched)} ${first.matched === 1 ? 'answer' : 'answers'}, ${formatBytes(first.bytes)}`;
}

function NoEntries({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const isFiltered = filterFields.some(({ name }) => query.has(name));
  return isFiltered ? (
    <p class="detail">
      No stored answer is like this. Answers past their time are left out unless you ask for them.
    </p>
  ) : (
    <Empty title="Nothing is stored yet">
      <p>The answer to the next cacheable request will appear here.</p>
    </Empty>
  );
}
