/**
 * What went wrong and the one thing to do next: a picture, a sentence, a remedy, a button.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { make, picture } from './dom.ts'
import type { State, Trouble } from './state.ts'
import { say } from './text.ts'

/** What the panel's buttons do. */
interface GoOn {
  retry(): void
  changeDocument(): void
  trust?(): void
  care?(deed: 'change-pin' | 'unblock'): void
}

const drawnFor = new WeakMap<HTMLElement, { trouble: Trouble; language: string }>()

/** Draws the trouble of a step, or nothing. */
export function drawTrouble(
  root: HTMLElement,
  step: Trouble['step'],
  { trouble, language }: State,
  goOn: GoOn,
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
        isDocument || step === 'pin' ? undefined : make('p', {}, say(language, 'trouble.kept')),
        button,
        careButton(trouble.code, language, goOn.care),
        trouble.code === 'BRIDGE_IDENTITY_CHANGED' ? trustButton(language, goOn.trust) : undefined,
        make('p', { class: 'small' }, say(language, 'trouble.code', { code: trouble.code })),
      ),
    ),
  )
}

/** What is said to help can be done at once. */
function careButton(
  code: Trouble['code'],
  language: Language,
  care: GoOn['care'],
): HTMLElement | undefined {
  const isLocked = code === 'TOKEN_PIN_LOCKED'
  if (care === undefined || !(isLocked || code === 'TOKEN_PIN_EXPIRED')) return undefined
  const label = say(language, isLocked ? 'pin.unblock' : 'pin.change')
  const button = make('button', { type: 'button', class: 'secondary care' }, label)
  button.addEventListener('click', () => care(isLocked ? 'unblock' : 'change-pin'))
  return button
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
  if (/^TOKEN_P[IU][NK]/.test(code) || code.startsWith('USER_')) return 'prompt'
  if (code.startsWith('TOKEN_') || code === 'NO_CERTIFICATE') return 'token'
  return 'paper'
}
