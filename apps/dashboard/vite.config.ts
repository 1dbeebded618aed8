/** Builds the page into the package that serves it: files with hashed names, and the index. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../packages/quotewright/dashboard',
    emptyOutDir: true,
    // What the browsers of the last two years speak.
    target: 'es2023',
    // A data: address is not allowed by the server's content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  // `vite` beside a running session: the page is served here, the data come from there.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
});
