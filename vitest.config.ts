import { defineConfig } from 'vitest/config'

/** One project a tier; `test/run.mjs` runs them by name and adds up their counts. */
const tier = (name: string, include: string[], options: Record<string, unknown> = {}) => ({
  resolve: { conditions: ['trien-source'] },
  ssr: { resolve: { conditions: ['trien-source'] } },
  test: { name, include, environment: 'node', ...options },
})

/** Tiers that share ports, tokens or a browser run one file at a time. */
const serial = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      // No unit test waits for a clock; the room is for machines that do much else at once.
      tier('unit', ['packages/*/src/**/*.test.ts'], { testTimeout: 30_000 }),
      tier('vectors', ['test/vectors/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 60_000 }),
      tier('package', ['test/package/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000 }),
      tier('integration', ['test/integration/**/*.test.ts'], serial),
      tier('soak', ['test/soak/**/*.test.ts'], serial),
      tier('e2e', ['test/e2e/**/*.test.ts'], serial),
      tier('bench', ['test/bench/**/*.test.ts'], { ...serial, testTimeout: 300_000 }),
      tier('conformance', ['test/conformance/**/*.test.ts'], {
        ...serial,
        testTimeout: 1_200_000,
        hookTimeout: 1_200_000,
      }),
    ],
  },
})
