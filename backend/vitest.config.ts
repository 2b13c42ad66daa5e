import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/__tests__/**/*.spec.ts', 'test/**/*.spec.ts'],
    typecheck: { include: ['src/**/__tests__/**/*.spec-d.ts'], tsconfig: './tsconfig.json' },
    setupFiles: ['reflect-metadata'],
    fileParallelism: false, // some tests measure time
    testTimeout: 120_000,
    hookTimeout: 330_000,
  },
});
