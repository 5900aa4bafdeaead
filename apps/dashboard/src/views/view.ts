import type { ComponentType } from 'preact';
import type { Route } from '../routing/route.js';

export interface ViewProps {
  /** Of this view; it changes while the view stays. */
  readonly route: Route;
}

/** A view as the navigation knows it. Its code and its styles are loaded when it is first looked at. */
export interface ViewEntry {
  /** Its part of the address. */
  readonly name: string;
  readonly title: string;
  /** An SVG path of lines in a square of 20. */
  readonly icon: string;
  readonly load: () => Promise<{ readonly View: ComponentType<ViewProps> }>;
}
