import type { ComponentType, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Failure, Loading } from '../parts/states.js';
import { ViewHeading } from '../parts/view-heading.js';
import { firstView, hrefOf, type Route } from '../routing/route.js';
import { views } from '../views/registry.js';
import type { ViewEntry, ViewProps } from '../views/view.js';

interface Opened {
  readonly entry: ViewEntry;
  readonly View: ComponentType<ViewProps>;
}

interface OutletProps {
  readonly route: Route;
  /** Focus the first view, too, because the element that had the focus is gone. */
  readonly takesFocus: boolean;
}

/**
 * Loads and shows the view of a route. A change of view or path moves the focus to the heading. Title and focus change
 * with the view, before it is painted, so they never refer to the previous one.
 */
export function Outlet({ route, takesFocus }: OutletProps): JSX.Element {
  const entry = views.find(({ name }) => name === route.view);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    setBroken(false);
    if (entry === undefined) return undefined;
    let isWanted = true;
    entry.load().then(
      ({ View }) => isWanted && setOpened({ entry, View }),
      () => isWanted && setBroken(true),
    );
    return () => {
      isWanted = false;
    };
  }, [entry]);

  const isShown = entry === undefined || opened?.entry === entry;
  useHeadingFocus([route.view, ...route.path].join('/'), { isShown, takesFocus });
  useLayoutEffect(() => {
    document.title = `${entry?.title ?? 'Not found'} · AI Toolkit`;
  }, [entry]);

  if (entry === undefined) return <NoSuchView name={route.view} />;
  if (isBroken) return <BrokenView title={entry.title} />;
  if (opened === null || opened.entry !== entry) {
    return (
      <>
        <ViewHeading title={entry.title} />
        <Loading />
      </>
    );
  }
  return <opened.View key={entry.name} route={route} />;
}

interface HeadingFocusOptions {
  readonly isShown: boolean;
  readonly takesFocus: boolean;
}

/** On the first render only with `takesFocus`; otherwise readers start at the top of the page. */
function useHeadingFocus(address: string, { isShown, takesFocus }: HeadingFocusOptions): void {
  const before = useRef(takesFocus ? null : address);
  useLayoutEffect(() => {
    if (!isShown) return;
    if (before.current !== address) document.querySelector<HTMLElement>('main h2')?.focus();
    before.current = address;
  }, [address, isShown]);
}

function NoSuchView({ name }: { readonly name: string }): JSX.Element {
  return (
    <>
      <ViewHeading title="Not found" />
      <p class="detail">
        There is no view {JSON.stringify(name)}. <a href={hrefOf(firstView)}>Go to the overview</a>
      </p>
    </>
  );
}

/** Shown if the code of a view cannot be loaded, as after an update of the server, whose files then have new names. */
function BrokenView({ title }: { readonly title: string }): JSX.Element {
  return (
    <>
      <ViewHeading title={title} />
      <Failure
        problem="This view cannot be loaded: the server is away, or was updated. Load the page again."
        action="Load again"
        onAction={() => window.location.reload()}
      />
    </>
  );
}
