import type { ViewEntry } from './view.js';

/** The views, in the order of the navigation. */
export const views: readonly ViewEntry[] = [
  {
    name: 'overview',
    title: 'Overview',
    icon: 'M4 16V9m4 7V4m4 12v-5m4 5V7',
    load: () => import('./overview/view.js'),
  },
  {
    name: 'requests',
    title: 'Requests',
    icon: 'M3 5h14M3 10h14M3 15h9',
    load: () => import('./requests/view.js'),
  },
  {
    name: 'cache',
    title: 'Cache',
    icon: 'M4 6c0-1.4 2.7-2.5 6-2.5S16 4.6 16 6s-2.7 2.5-6 2.5S4 7.4 4 6zm0 0v8c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5V6M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5',
    load: () => import('./cache/view.js'),
  },
  {
    name: 'limits',
    title: 'Limits',
    icon: 'M4 14a6 6 0 0 1 12 0M10 14l3-4',
    load: () => import('./limits/view.js'),
  },
  {
    name: 'projects',
    title: 'Projects',
    icon: 'M3 6h5l2 2h7v8H3zM3 6V4h5',
    load: () => import('./projects/view.js'),
  },
  {
    name: 'keys',
    title: 'Keys',
    icon: 'M12.5 7.5a3.5 3.5 0 1 1-2.6 3.4L4 16.8V14m2 .8-1.4-1.4',
    load: () => import('./keys/view.js'),
  },
  {
    name: 'playground',
    title: 'Playground',
    icon: 'M4 5h12v8H9l-3 3v-3H4z',
    load: () => import('./playground/view.js'),
  },
  {
    name: 'settings',
    title: 'Settings',
    icon: 'M3 6h8m4 0h2M3 14h2m4 0h8M13 4v4M7 12v4',
    load: () => import('./settings/view.js'),
  },
];
