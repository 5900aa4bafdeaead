import { render } from 'preact';
import { App } from './app.js';
import { restoreTheme } from './theme.js';
import '@fontsource-variable/inter/wght.css';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/overview.css';
import './styles/calls.css';

restoreTheme();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
