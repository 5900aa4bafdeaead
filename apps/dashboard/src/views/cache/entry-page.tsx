import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { deleteEntry, fetchEntries, fetchEntry, type StoredAnswer } from '../../api/cache.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { formatBytes, formatCount, formatDuration, nothing } from '../../format/format.js';
import { useNow } from '../../format/use-now.js';
import { Badge } from '../../parts/badge.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { CopyButton } from '../../parts/copy-button.js';
import { type Fact, Facts } from '../../parts/facts.js';
import { Failure, Loading } from '../../parts/states.js';
import { useToast } from '../../parts/toast.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import { goTo } from '../../routing/use-route.js';
import { EntryTexts } from './entry-texts.js';
import { lifetimeOf } from './lifetime.js';
import { tagValue } from './tags.js';

interface Opened {
  readonly answer: StoredAnswer;
  /** Empty if the answer was deleted between the two requests. */
  readonly tags: readonly string[];
}

async function openEntry(key: string, signal: AbortSignal): Promise<Opened> {
  const [answer, { entries }] = await Promise.all([
    fetchEntry(key, signal),
    fetchEntries({ key, stale: true, limit: 1 }, signal),
  ]);
  return { answer, tags: entries[0]?.tags ?? [] };
}

/** One stored answer: its facts, its request and its text. */
export function EntryPage({ of: key }: { readonly of: string }): JSX.Element {
  const { value, problem, reload } = useLoaded((signal) => openEntry(key, signal), [key]);
  const [isDeleting, setDeleting] = useState(false);
  const announce = useToast();
  const remove = async (): Promise<void> => {
    await deleteEntry(key);
    announce(`The answer ${key.slice(0, 12)} is deleted`);
    goTo(hrefOf('cache'));
  };
  return (
    <>
      <p class="back">
        <a href={hrefOf('cache')}>All stored answers</a>
      </p>
      <ViewHeading title="Stored answer" detail={key.slice(0, 12)}>
        {value !== null && (
          <div class="buttons">
            <a class="button" href={hrefOf('cache', ['explain'], { against: key })}>
              Compare a request with it
            </a>
            <button type="button" class="danger" onClick={() => setDeleting(true)}>
              Delete…
            </button>
          </div>
        )}
      </ViewHeading>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      {value !== null && <EntryFacts opened={value} />}
      {value !== null && <EntryTexts answer={value.answer} />}
      {isDeleting && (
        <ConfirmDialog
          title="Delete this answer?"
          action="Delete the answer"
          onConfirm={remove}
          onClose={() => setDeleting(false)}
        >
          <p>It is deleted from all tiers. The next such request calls the provider again, and is charged.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function EntryFacts({ opened: { answer, tags } }: { readonly opened: Opened }): JSX.Element {
  const now = useNow();
  const { key, status, tier, createdAt, expiresAt, size, shape, usage, upstreamMs } = answer;
  const facts: readonly Fact[] = [
    { name: 'Model', value: tagValue(tags, 'model') ?? nothing },
    { name: 'Surface', value: tagValue(tags, 'surface') ?? nothing },
    { name: 'Tenant', value: tagValue(tags, 'tenant') ?? nothing },
    { name: 'Stored', value: `${formatDuration(Math.max(0, now - createdAt))} ago` },
    { name: 'Lifetime', value: lifetimeOf(expiresAt, now) },
    { name: 'Size', value: formatBytes(size) },
    {
      name: 'Tokens',
      value:
        usage === null
          ? 'not told'
          : `${formatCount(usage.inputTokens)} in, ${formatCount(usage.outputTokens)} out`,
    },
    { name: 'The provider took', value: formatDuration(upstreamMs) },
    { name: 'Shape', value: shape === 'stream' ? 'a stream' : 'one body' },
    { name: 'Found in', value: tier },
  ];
  return (
    <section class="panel" aria-label="Details">
      <p class="entry-key">
        <Badge tone={status === 'hit' ? 'good' : 'warn'}>
          {status === 'hit' ? 'fresh' : 'past its time'}
        </Badge>
        <span class="path">{key}</span>
        <CopyButton text={key} label="Copy the key" />
      </p>
      <Facts facts={facts} />
      {tags.length > 0 && (
        <ul class="tag-list" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>
              <a class="tag" href={hrefOf('cache', [], { tag })}>
                {tag}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
