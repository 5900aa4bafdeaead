import { render } from 'preact';
import { App } from './app.js';
import { restoreTheme } from './theme.js';
import '@fontsource-variable/inter/wght.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/forms.css';
import './styles/table.css';
import './frame/frame.css';

restoreTheme();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
