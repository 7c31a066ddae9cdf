/**
 * Chooses how the person is asked: the pinentry that was named, a graphical pinentry where there is a display, the
 * terminal, the demo's page, or not at all.
 * @module
 */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { BridgeError } from '@trien/sdk/errors'
import { createPinentryPrompt, findFlavor } from './pinentry.ts'
import { createTerminalPrompt, hasTerminal } from './terminal.ts'
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
  readonly page: Prompt | undefined
}

/** Chooses once, at start. */
export async function choosePrompt(surroundings: Surroundings): Promise<ChosenPrompt> {
  const { pinentry, env, page } = surroundings
  if (pinentry !== undefined) {
    return { prompt: createPinentryPrompt({ program: pinentry, env }), way: pinentry }
  }
  const graphical = hasDisplay(surroundings) ? await findGraphicalPinentry() : undefined
  if (graphical !== undefined) {
    return { prompt: createPinentryPrompt({ program: graphical, env }), way: graphical }
  }
  if (hasTerminal()) return { prompt: createTerminalPrompt(), way: 'this terminal' }
  if (page !== undefined) return { prompt: page, way: 'a page (demo only)' }
  return { prompt: NO_PROMPT, way: undefined }
}

const NO_PROMPT: Prompt = {
  confirmList: () => Promise.reject(new BridgeError('BRIDGE_NO_PROMPT')),
  askSign: () => Promise.reject(new BridgeError('BRIDGE_NO_PROMPT')),
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
