import { defineConfig } from 'vitest/config';

/** Tests in a real browser against `dist/`: run `npm run build` first; `CHROMIUM` names the browser. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
