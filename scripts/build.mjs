// npm run build: sets the project up, compiles what has changed, and builds the dashboard.
import { setup } from './setup.mjs';

setup({ dashboard: true });
