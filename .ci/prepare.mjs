// Makes a fresh machine ready for a task: `node .ci/prepare.mjs packages|build|start|check|test|conformance`.
// Needs nothing but Node and npm; every step that is already done costs nothing. This file imports nothing at its top,
// so that a Node too old to read the rest still gets to say so.

const [major, minor] = process.versions.node.split('.').map(Number)
const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
if (!fits) {
  console.error(
    `prepare: this is Node ${process.versions.node}; Trien needs 20.19 or newer (on the 22 line, 22.12 or newer)`,
  )
  console.error('hint: https://nodejs.org/en/download has the current one')
  process.exit(1)
}

import('./prepare/tasks.mjs')
  .then(({ prepare }) => prepare(process.argv[2] || 'build'))
  .catch((error) => {
    console.error(`prepare: ${error.message}`)
    process.exit(1)
  })
