import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { type DamagedProject, fetchProjects, type ProjectSummary } from '../../../api/projects.js';
import { useLoaded } from '../../../connection/use-loaded.js';
import { formatCount, formatTime } from '../../../format/format.js';
import { useNow } from '../../../format/use-now.js';
import { type Column, DataTable } from '../../../parts/data-table.js';
import { Empty, Failure, Loading } from '../../../parts/states.js';
import { ViewHeading } from '../../../parts/view-heading.js';
import { hrefOf } from '../../../routing/route.js';
import { settleAt } from '../../../routing/use-route.js';
import { filterProjects, tagsOf } from './filter-projects.js';
import { NewProjectDialog } from './new-project-dialog.js';

/** Polled, since the command line and other pages change projects, too. */
const refreshMs = 30_000;

/** All projects, with a search that is part of the address. */
export function ProjectList({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const { value, problem, reload } = useLoaded(fetchProjects, [], { refreshMs });
  const [isMaking, setMaking] = useState(false);
  const projects = useMemo(() => value?.filter((one) => one.kind === 'project') ?? [], [value]);
  const damaged = useMemo(() => value?.filter((one) => one.kind === 'damaged') ?? [], [value]);
  return (
    <>
      <ViewHeading title="Projects" detail={value === null ? undefined : countOf(projects.length)}>
        <button type="button" class="primary" onClick={() => setMaking(true)}>
          New project
        </button>
      </ViewHeading>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      <Damaged projects={damaged} />
      {value !== null && projects.length === 0 && (
        <Empty title="There are no projects yet">
          <p>
            A project takes an idea through stages, from a first plan to reviewed code. Each stage is a
            document that a model writes from those before it.
          </p>
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            Make the first project
          </button>
        </Empty>
      )}
      {projects.length > 0 && <Found projects={projects} query={query} />}
      {isMaking && <NewProjectDialog onClose={() => setMaking(false)} />}
    </>
  );
}

interface FoundProps {
  readonly projects: readonly ProjectSummary[];
  readonly query: URLSearchParams;
}

function Found({ projects, query }: FoundProps): JSX.Element {
  const now = useNow();
  const search = query.get('search') ?? '';
  const tag = query.get('tag') ?? '';
  const settle = (filter: { search?: string; tag?: string }): void =>
    settleAt(hrefOf('projects', [], { search, tag, ...filter }));
  const tags = useMemo(() => tagsOf(projects), [projects]);
  const found = useMemo(() => filterProjects(projects, { search, tag }), [projects, search, tag]);
  const columns = useMemo(() => columnsOf(now), [now]);
  return (
    <section class="panel">
      <search class="filters">
        <input
          type="search"
          aria-label="Search projects"
          placeholder="Search names, descriptions, tags"
          value={search}
          onInput={(event) => settle({ search: event.currentTarget.value })}
        />
        {tags.length > 0 && (
          <select
            aria-label="Tag"
            value={tag}
            onChange={(event) => settle({ tag: event.currentTarget.value })}
          >
            <option value="">All tags</option>
            {tags.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <p class="detail" role="status">
          {search !== '' || tag !== ''
            ? `${formatCount(found.length)} of ${formatCount(projects.length)}`
            : ''}
        </p>
      </search>
      {found.length === 0 ? (
        <p class="detail">No project matches.</p>
      ) : (
        <DataTable label="Projects" columns={columns} rows={found} keyOf={({ id }) => id} stacks />
      )}
    </section>
  );
}

function columnsOf(now: number): readonly Column<ProjectSummary>[] {
  return [
    {
      name: 'name',
      title: 'Name',
      isRowHeader: true,
      sortBy: ({ name }) => name,
      width: '32%',
      cell: ({ id, name }) => <a href={hrefOf('projects', [id])}>{name}</a>,
    },
    {
      name: 'description',
      title: 'Description',
      isWide: true,
      width: '30%',
      cell: ({ description }) => description !== '' && <span title={description}>{description}</span>,
    },
    {
      name: 'tags',
      title: 'Tags',
      isWide: true,
      width: '16%',
      cell: ({ tags }) => tags.map((tag) => <Tag key={tag} tag={tag} />),
    },
    {
      name: 'stages',
      title: 'Documents',
      isNumber: true,
      width: '96px',
      sortBy: ({ stagesDone }) => stagesDone,
      cell: ({ stagesDone }) => <Progress done={stagesDone} />,
    },
    {
      name: 'updated',
      title: 'Changed',
      isNumber: true,
      width: '128px',
      sortBy: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => formatTime(updatedAt, now),
    },
  ];
}

/** The number of stages with a document. The total is not shown: a project may define its own stages, which the list does not load. */
function Progress({ done }: { readonly done: number }): JSX.Element {
  return (
    <span class="progress">
      {done > 0 && (
        <span class="ticks" aria-hidden="true">
          {Array.from({ length: Math.min(done, 12) }, (_, tick) => (
            <i key={tick} />
          ))}
        </span>
      )}
      {done}
    </span>
  );
}

function Tag({ tag }: { readonly tag: string }): JSX.Element {
  return (
    <a class="tag" href={hrefOf('projects', [], { tag })}>
      {tag}
    </a>
  );
}

function Damaged({ projects }: { readonly projects: readonly DamagedProject[] }): JSX.Element | null {
  if (projects.length === 0) return null;
  return (
    <div class="banner">
      <div>
        <p>Some folders cannot be read as projects. "ai-toolkit repair" says what can be done.</p>
        <ul>
          {projects.map(({ path, reason }) => (
            <li key={path}>
              <span class="path">{path}</span>: {reason}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function countOf(count: number): string {
  return count === 1 ? '1 project' : `${formatCount(count)} projects`;
}
