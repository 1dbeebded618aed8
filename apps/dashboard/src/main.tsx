/** Where the page begins. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { exposeFrames } from './lib/frames.ts';
import { openStream } from './lib/stream.ts';
import { startTheme } from './lib/theme.ts';
import './styles/index.css';

startTheme();
exposeFrames();
openStream();

const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(<App />);
