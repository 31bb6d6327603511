// Builds both peers of the page as their users would, into target/bench/peers: Vite in production mode.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

export const PEERS = {
  'React': { folder: 'react', jsx: 'react' },
  'Preact': { folder: 'preact', jsx: 'preact' },
}

// Vite's own default, and the lowest that WebAssembly-capable televisions ask for.
export const TARGETS = { today: 'baseline-widely-available', old: 'chrome64' }

export async function buildPeers(out) {
  for (const { folder, jsx } of Object.values(PEERS)) {
    for (const [name, target] of Object.entries(TARGETS)) {
      const outDir = join(out, `${folder}-${name}`)
      mkdirSync(outDir, { recursive: true })
      await build({
        root: join(import.meta.dirname, folder),
        base: './',
        configFile: false,
        logLevel: 'warn',
        oxc: { jsx: { runtime: 'automatic', importSource: jsx } },
        build: { outDir, target, emptyOutDir: true, modulePreload: { polyfill: false } },
      })
    }
  }
}

if (process.argv[1] === import.meta.filename) await buildPeers(process.argv[2])
