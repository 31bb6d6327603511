// Prints each folder among the arguments whose `node_modules` does not hold what its `package-lock.json` names.
// It looks at every installed package itself: npm's own record stays behind when somebody deletes a folder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'))
const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
const forThisMachine = ({ optional, os, cpu, libc: libcs }) =>
  !optional || (os?.includes(process.platform) && cpu?.includes(process.arch) && (!libcs || libcs.includes(libc)))

function isInstalled(folder) {
  const { packages } = readJson(folder, 'package-lock.json')
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && forThisMachine(entry))
    .every(([path, entry]) => readJson(folder, path, 'package.json').version === entry.version)
}

for (const folder of process.argv.slice(2)) {
  let installed = false
  try {
    installed = isInstalled(folder)
  } catch (error) {
    // Not there, or cut off halfway: both mean that it must be installed.
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error
  }
  if (!installed) console.log(folder)
}
