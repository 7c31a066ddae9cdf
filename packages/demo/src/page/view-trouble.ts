/**
 * What went wrong and the one thing to do next: a picture, a sentence, a remedy, a button.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { make, picture } from './dom.ts'
import type { State, Trouble } from './state.ts'
import { say } from './text.ts'

const drawnFor = new WeakMap<HTMLElement, { trouble: Trouble; language: string }>()

/** Draws the trouble of a step, or nothing. */
export function drawTrouble(
  root: HTMLElement,
  step: Trouble['step'],
  { trouble, language }: State,
  goOn: { retry(): void; changeDocument(): void; trust?(): void },
): void {
  if (trouble?.step !== step) {
    drawnFor.delete(root)
    root.replaceChildren()
    return
  }
  const drawn = drawnFor.get(root)
  if (drawn?.trouble === trouble && drawn.language === language) return
  drawnFor.set(root, { trouble, language })
  const { sentence, remedy } = trouble.describe(language)
  // The same damaged file fails again.
  const isDocument = trouble.code.startsWith('FORMAT_')
  const watching = trouble.code === 'BRIDGE_NOT_RUNNING'
  const button = make(
    'button',
    { type: 'button', class: 'secondary retry' },
    say(language, isDocument ? 'document.change' : 'trouble.retry'),
  )
  button.addEventListener('click', isDocument ? goOn.changeDocument : goOn.retry)
  root.replaceChildren(
    make(
      'div',
      { class: 'trouble', tabindex: '-1', 'data-code': trouble.code },
      picture(pictureOf(trouble.code)),
      make(
        'div',
        {},
        make('h3', {}, sentence),
        make('p', {}, remedy),
        watching ? make('p', {}, say(language, 'trouble.watching')) : undefined,
        trouble.remaining === 'final'
          ? make('p', {}, make('strong', {}, say(language, 'trouble.final')))
          : undefined,
        isDocument ? undefined : make('p', {}, say(language, 'trouble.kept')),
        button,
        trouble.code === 'BRIDGE_IDENTITY_CHANGED' ? trustButton(language, goOn.trust) : undefined,
        make('p', { class: 'small' }, say(language, 'trouble.code', { code: trouble.code })),
      ),
    ),
  )
}

/** Only the person knows whether Trien was installed anew. */
function trustButton(language: Language, trust: () => void = () => {}): HTMLElement {
  const label = say(language, 'trouble.trust')
  const button = make('button', { type: 'button', class: 'secondary trust' }, label)
  button.addEventListener('click', trust)
  return button
}

function pictureOf(code: Trouble['code']): string {
  if (code === 'BRIDGE_NOT_RUNNING') return 'not-installed'
  if (code === 'BRIDGE_BLOCKED') return 'blocked'
  if (code === 'BRIDGE_PERMISSION_NEEDED') return 'permission'
  if (code.startsWith('BRIDGE_')) return 'lost'
  if (code.startsWith('TOKEN_PIN') || code.startsWith('USER_')) return 'prompt'
  if (code.startsWith('TOKEN_') || code === 'NO_CERTIFICATE') return 'token'
  return 'paper'
}
