import type { ComponentType } from 'preact';
import type { Route } from '../routing/route.js';

export interface ViewProps {
  /** The current route; it may change while the view stays mounted. */
  readonly route: Route;
}

/** A view in the navigation. Its code and styles are loaded on first use. */
export interface ViewEntry {
  /** Its segment of the address. */
  readonly name: string;
  readonly title: string;
  /** SVG path data, for a stroked icon in a 20 × 20 box. */
  readonly icon: string;
  readonly load: () => Promise<{ readonly View: ComponentType<ViewProps> }>;
}
