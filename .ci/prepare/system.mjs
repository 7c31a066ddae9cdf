// Installs the system's missing parts where that is allowed, and else names the one command that does.
import { hasCommand, run, succeeds } from './run.mjs'
import { PARTS } from './parts.mjs'

const QUIET = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }

/** How each package manager is found and spoken to; only apt needs root's list of packages brought up to date. */
const MANAGERS = {
  apt: {
    command: 'apt-get',
    update: ['update', '-q'],
    install: [
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      // Another apt may be at work, as it often is on a machine just started.
      '-o',
      'DPkg::Lock::Timeout=300',
    ],
    knows: (name) => succeeds('apt-cache', ['show', '--no-all-versions', name]),
  },
  dnf: { command: 'dnf', install: ['install', '-y'] },
  pacman: { command: 'pacman', install: ['-S', '--noconfirm', '--needed'] },
  brew: { command: 'brew', install: ['install'], withoutRoot: true },
}

/**
 * Sees to it that all parts are there.
 * @param {string[]} names keys of PARTS
 * @param {string} task for the message
 * @throws where some are missing and may not be installed from here
 */
export function ensureParts(names, task) {
  const missing = names.filter((name) => !PARTS[name].found())
  if (missing.length === 0) return
  for (const name of missing) console.error(`prepare: ${task} needs ${name}: ${PARTS[name].why}`)

  const manager = Object.keys(MANAGERS).find((name) => hasCommand(MANAGERS[name].command))
  const nameless = missing.filter((name) => !manager || !PARTS[name][manager])
  if (nameless.length > 0) refuseOrWarn(nameless, task)
  const nameable = missing.filter((name) => !nameless.includes(name))
  if (nameable.length > 0) install(manager, nameable)

  const stillMissing = nameable.filter((name) => !PARTS[name].found())
  if (stillMissing.length > 0) {
    throw new Error(`installed, but still not found: ${stillMissing.join(', ')}`)
  }
}

/** A part that we cannot name here stops what cannot do without it; of tests, only those that use it are left out. */
function refuseOrWarn(names, task) {
  const packages = names.map((name) => `${name} (Debian: ${PARTS[name].apt.flat().join(' ')})`)
  const wish = `please install ${packages.join(', ')}`
  const testsOnly = task === 'test' || task === 'conformance'
  if (!testsOnly || process.env.CI || names.includes('compiler')) throw new Error(wish)
  console.error(`prepare: ${wish}; the tests that use it are left out`)
}

function install(managerName, missing) {
  const manager = MANAGERS[managerName]
  const wanted = missing.flatMap((name) => PARTS[name][managerName])
  const sudo = wayToRoot(manager)
  if (sudo === undefined) {
    const command = commandToType(manager, wanted)
    throw new Error(
      `these parts need an administrator. Please run\n\n  ${command}\n\nthen this again`,
    )
  }
  if (manager.update) asRoot(sudo, [manager.command, ...manager.update])
  asRoot(sudo, [manager.command, ...manager.install, ...pickNames(manager, wanted)])
}

/** What must stand before a command that needs root: nothing, `sudo -n`, or undefined where neither helps. */
function wayToRoot(manager) {
  if (manager.withoutRoot || process.getuid?.() === 0) return []
  return hasCommand('sudo') && succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
}

function asRoot(sudo, command) {
  // sudo drops the environment, so that the setting is handed over on the line.
  const line =
    sudo.length > 0 ? [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command] : command
  run(line[0], line.slice(1), { env: QUIET })
}

function commandToType({ command, update, install, ...manager }, wanted) {
  const flags = install.filter((flag) => flag !== '-q' && flag !== '-o' && !flag.includes('::'))
  const names = pickNames(manager, wanted).join(' ')
  const first = update ? `sudo ${command} update && ` : ''
  return `${first}sudo ${command} ${flags.join(' ')} ${names}`
}

/** One package name for each wish: of alternatives the first that the package manager knows. */
function pickNames({ knows }, wanted) {
  const names = wanted.map((wish) =>
    typeof wish === 'string' ? wish : (wish.find((name) => !knows || knows(name)) ?? wish[0]),
  )
  return [...new Set(names)]
}
