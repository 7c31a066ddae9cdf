/**
 * Chooses how the person is asked: the pinentry that was named, a graphical pinentry where there is a display,
 * the system's own dialog on macOS and Windows, the terminal, the demo's page, or not at all.
 * @module
 */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { BridgeError } from '@trien/sdk/errors'
import type { DialogProgram } from './dialog-program.ts'
import type { Face } from './face.ts'
import { createPinentryFace, findFlavor } from './pinentry.ts'
import { createPrompt } from './prompt.ts'
import { createTerminalFace, hasTerminal } from './terminal.ts'
import { OSASCRIPT } from './osascript.ts'
import { findPowershell } from './powershell.ts'
import { createProgramFace } from './program-face.ts'
import type { Prompt } from './types.ts'

/** Where a pinentry may come from: folders that only an administrator writes to, never PATH. */
const TRUSTED_FOLDERS: readonly string[] = [
  '/usr/bin',
  '/usr/local/bin',
  '/usr/libexec',
  '/opt/homebrew/bin',
  '/run/current-system/sw/bin',
]
/** The machine's own choice first. */
const GRAPHICAL: readonly string[] = [
  'pinentry',
  'pinentry-qt',
  'pinentry-qt5',
  'pinentry-gnome3',
  'pinentry-gtk-2',
  'pinentry-fltk',
  'pinentry-mac',
]
const TEXT_FLAVORS: readonly string[] = ['curses', 'tty', 'dumb']

/** What was chosen, and a word for the log; undefined where every question will fail. */
export interface ChosenPrompt {
  readonly prompt: Prompt
  readonly way: string | undefined
}

/** What the choice depends on. */
export interface Surroundings {
  /** Absolute path of the pinentry that was asked for. */
  readonly pinentry: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The demo's page; undefined where real tokens are served. */
  readonly page: Face | undefined
}

/** Chooses once, at start. */
export async function choosePrompt(surroundings: Surroundings): Promise<ChosenPrompt> {
  const { face, way } = await chooseFace(surroundings)
  return { prompt: createPrompt(face), way }
}

async function chooseFace(
  surroundings: Surroundings,
): Promise<{ readonly face: Face; readonly way: string | undefined }> {
  const { pinentry, env, page } = surroundings
  const graphical = hasDisplay(surroundings) ? findGraphicalPinentry : async () => undefined
  const program = pinentry ?? (await graphical())
  if (program !== undefined) return { face: createPinentryFace({ program, env }), way: program }
  const system = findSystemProgram(surroundings)
  if (system !== undefined) return { face: createProgramFace(system), way: system.program }
  if (hasTerminal()) return { face: createTerminalFace(), way: 'this terminal' }
  if (page !== undefined) return { face: page, way: 'a page (demo only)' }
  return { face: NO_FACE, way: undefined }
}

/** What macOS and Windows bring along. */
function findSystemProgram({ env, platform }: Surroundings): DialogProgram | undefined {
  if (platform === 'darwin') return OSASCRIPT
  return platform === 'win32' ? findPowershell(env) : undefined
}

const NO_FACE: Face = {
  confirm: () => Promise.reject(new BridgeError('BRIDGE_NO_PROMPT')),
  askSecret: () => Promise.reject(new BridgeError('BRIDGE_NO_PROMPT')),
}

function hasDisplay({ env, platform }: Surroundings): boolean {
  return platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

async function findGraphicalPinentry(): Promise<string | undefined> {
  const programs = GRAPHICAL.flatMap((name) =>
    TRUSTED_FOLDERS.map((folder) => path.join(folder, name)),
  ).filter(isExecutable)
  for (const program of programs) {
    const flavor = await findFlavor(program)
    // `gtk2:curses` found no display behind DISPLAY and would ask as curses does; what knows only text would wait on a
    // terminal that nobody sees.
    if (flavor !== undefined && !flavor.split(':').some(isText)) return program
  }
  return undefined
}

function isText(flavor: string): boolean {
  return TEXT_FLAVORS.includes(flavor)
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}
