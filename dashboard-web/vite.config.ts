import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running platform; only used on a developer's machine. */
const platform = process.env.HELIOGRAPH_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2023',
    sourcemap: false,
    manifest: true,
    // An inlined asset would need `data:` in the content security policy for more than images.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: { '/api': platform, '/auth/': platform, '/config.json': platform },
  },
});
